#pragma once

#include "app/gui/view_catalogue.h"
#include "app/gui/view_pane.h"

#include <memory>

namespace flamewright {

class FunctionTable;
struct Profile;

// The function table as a tab, for who wants it larger than the panel below the views.
class FunctionsTab final : public ViewPane {
    Q_OBJECT

public:
    FunctionsTab(const ViewContext &context, QWidget *parent);

    FunctionTable *table() const { return m_table; }
    std::function<QString()> data() const override;

private:
    ProfileModel &m_profile;
    FunctionTable *m_table;
};

// The functions of a profile, by self value: tab-separated, numbers unrounded.
QString functionsAsText(const Profile &profile);

} // namespace flamewright
