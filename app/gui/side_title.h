#pragma once

#include "capture/session/session.h"

#include <QWidget>

#include <vector>

namespace flamewright {

class PlainLabel;

// Above one of two views beside each other: letter and colour of the side, name, date.
class SideTitle final : public QWidget {
    Q_OBJECT

public:
    SideTitle(CaptureRole role, QWidget *parent);

    void setCaptures(const std::vector<CaptureInfo> &captures);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    CaptureRole m_role;
    PlainLabel *m_name, *m_date;
};

} // namespace flamewright
