#pragma once

#include "app/gui/profile_model.h"

#include <QWidget>

class QPushButton;

namespace flamewright {

class PlainLabel;
class ShareList;

// Everything about what is selected; about the whole profile when nothing is.
class Inspector : public QWidget {
    Q_OBJECT

public:
    explicit Inspector(ProfileModel &profile, QWidget *parent = nullptr);

    // What the panel says, line by line: for tests and for copying.
    QString text() const;

public Q_SLOTS:
    void copyName();
    void copyStack();
    void copyFolded();

private:
    void refresh();
    void showRoot();
    void showFunction(const ProfileModel::Selection &selection);
    void setFigures(std::int64_t total, std::int64_t totalSamples, std::int64_t self,
                    std::int64_t selfSamples, bool recursive);

    ProfileModel &m_profile;
    QWidget *m_body;
    PlainLabel *m_name, *m_where, *m_line, *m_figure, *m_interval, *m_total, *m_self, *m_here;
    PlainLabel *m_callersTitle, *m_calleesTitle, *m_placeholder;
    ShareList *m_callers, *m_callees;
    QWidget *m_buttons;
};

} // namespace flamewright
