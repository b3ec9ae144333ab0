#include "app/gui/sql_editor.h"

#include "app/gui/palette.h"
#include "app/gui/typography.h"

#include <QKeyEvent>

#include <algorithm>

namespace flamewright {
namespace {

constexpr int kErrorIndicator = 8, kErrorMarker = 1, kNumberMargin = 0, kMarkerMargin = 1;
constexpr std::size_t kPrefixToComplete = 2;

// Scintilla wants blue, green, red.
long bgr(const QColor &color)
{
    return color.red() | color.green() << 8 | color.blue() << 16;
}

} // namespace

SqlEditor::SqlEditor(const Appearance &appearance, QWidget *parent)
    : QsciScintilla(parent),
      m_appearance(appearance),
      m_lexer(new QsciLexerSQL(this))
{
    setObjectName(QStringLiteral("sqlEditor"));
    setAccessibleName(tr("SQL"));
    setAccessibleDescription(
        tr("Ctrl+Enter runs the statement at the caret, Ctrl+Space completes."));
    setFrameShape(QFrame::NoFrame);
    setUtf8(true);
    setEolMode(EolUnix);
    setLexer(m_lexer);
    m_lexer->setFoldCompact(false);
    setFolding(NoFoldStyle);
    setWrapMode(WrapWord);
    setAutoIndent(true);
    setIndentationsUseTabs(false);
    setTabWidth(2);
    setBraceMatching(SloppyBraceMatch);
    setAutoCompletionSource(AcsNone);
    setMarginType(kNumberMargin, NumberMargin);
    setMarginWidth(kNumberMargin, QStringLiteral("000"));
    setMarginType(kMarkerMargin, SymbolMargin);
    setMarginWidth(kMarkerMargin, 12);
    setMarginMarkerMask(kMarkerMargin, 1 << kErrorMarker);
    setMarginSensitivity(kNumberMargin, false);
    markerDefine(Circle, kErrorMarker);
    indicatorDefine(SquiggleIndicator, kErrorIndicator);
    SendScintilla(SCI_SETMARGINLEFT, 0ul, 8l);
    SendScintilla(SCI_SETEXTRAASCENT, 2ul);
    SendScintilla(SCI_SETEXTRADESCENT, 2ul);
    SendScintilla(SCI_SETSCROLLWIDTH, 1ul);
    SendScintilla(SCI_SETSCROLLWIDTHTRACKING, 1ul);
    SendScintilla(SCI_AUTOCSETIGNORECASE, 1ul);
    SendScintilla(SCI_AUTOCSETORDER, static_cast<unsigned long>(SC_ORDER_PERFORMSORT));
    SendScintilla(SCI_AUTOCSETMAXHEIGHT, 8ul);
    SendScintilla(SCI_AUTOCSETDROPRESTOFWORD, 1ul);
    connect(this, &QsciScintillaBase::SCN_CHARADDED, this, &SqlEditor::charAdded);
    connect(this, &QsciScintilla::textChanged, this, &SqlEditor::clearError);
    connect(&appearance, &Appearance::changed, this, &SqlEditor::applyTheme);
    applyTheme();
}

void SqlEditor::applyTheme()
{
    const auto &c = m_appearance.colors();
    // Scintilla takes sizes in points only.
    auto mono = typeFont(TextStyle::Mono);
    constexpr double kPointsPerInch = 72;
    mono.setPointSizeF(mono.pixelSize() * kPointsPerInch / logicalDpiY());
    m_lexer->setDefaultFont(mono);
    m_lexer->setDefaultPaper(c.surface1);
    m_lexer->setDefaultColor(c.text1);
    for (int style = 0; style < 32; ++style) {
        m_lexer->setFont(mono, style);
        m_lexer->setPaper(c.surface1, style);
        m_lexer->setColor(c.text1, style);
    }
    for (const auto style : {QsciLexerSQL::Comment, QsciLexerSQL::CommentLine,
                             QsciLexerSQL::CommentDoc, QsciLexerSQL::CommentLineHash})
        m_lexer->setColor(c.text3, style);
    m_lexer->setColor(c.accent, QsciLexerSQL::Keyword);
    m_lexer->setColor(c.ok, QsciLexerSQL::SingleQuotedString);
    m_lexer->setColor(c.text1, QsciLexerSQL::DoubleQuotedString);
    m_lexer->setColor(c.sideB, QsciLexerSQL::Number);
    m_lexer->setColor(c.text2, QsciLexerSQL::Operator);
    setPaper(c.surface1);
    setColor(c.text1);
    setCaretForegroundColor(c.text1);
    setCaretLineVisible(false);
    setSelectionBackgroundColor(c.accent);
    setSelectionForegroundColor(c.onAccent);
    setMarginsFont(mono);
    setMarginsForegroundColor(c.text3);
    setMarginsBackgroundColor(c.surface1);
    SendScintilla(SCI_SETMARGINBACKN, static_cast<unsigned long>(kMarkerMargin), bgr(c.surface1));
    setMatchedBraceForegroundColor(c.accent);
    setMatchedBraceBackgroundColor(c.surface0);
    setUnmatchedBraceForegroundColor(c.error);
    setUnmatchedBraceBackgroundColor(c.surface1);
    setMarkerForegroundColor(c.error, kErrorMarker);
    setMarkerBackgroundColor(c.error, kErrorMarker);
    setIndicatorForegroundColor(c.error, kErrorIndicator);
}

void SqlEditor::setSql(const QString &sql)
{
    beginUndoAction();
    selectAll();
    replaceSelectedText(sql);
    endUndoAction();
    SendScintilla(SCI_GOTOPOS, static_cast<unsigned long>(sql.toUtf8().size()));
    m_fromHistory.clear();
}

void SqlEditor::setFromHistory(const QString &sql)
{
    setSql(sql);
    m_fromHistory = sql;
}

TextSpan SqlEditor::statement() const
{
    const auto begin = static_cast<std::size_t>(SendScintilla(SCI_GETSELECTIONSTART));
    const auto end = static_cast<std::size_t>(SendScintilla(SCI_GETSELECTIONEND));
    const auto all = sql();
    if (end > begin && !sqlTokens(std::string_view(all).substr(begin, end - begin)).empty())
        return {begin, end};
    return sqlStatementAt(all, static_cast<std::size_t>(SendScintilla(SCI_GETCURRENTPOS)));
}

void SqlEditor::showError(TextSpan span)
{
    clearError();
    const auto length = static_cast<std::size_t>(SendScintilla(SCI_GETLENGTH));
    span.end = std::min(std::max(span.end, span.begin + 1), length);
    span.begin = std::min(span.begin, length);
    SendScintilla(SCI_SETINDICATORCURRENT, static_cast<unsigned long>(kErrorIndicator));
    SendScintilla(SCI_INDICATORFILLRANGE, static_cast<unsigned long>(span.begin),
                  static_cast<long>(span.end - span.begin));
    m_errorLine = static_cast<int>(
        SendScintilla(SCI_LINEFROMPOSITION, static_cast<unsigned long>(span.begin)));
    markerAdd(m_errorLine, kErrorMarker);
    SendScintilla(SCI_GOTOPOS, static_cast<unsigned long>(span.begin));
}

void SqlEditor::clearError()
{
    if (m_errorLine < 0)
        return;
    m_errorLine = -1;
    markerDeleteAll(kErrorMarker);
    SendScintilla(SCI_SETINDICATORCURRENT, static_cast<unsigned long>(kErrorIndicator));
    SendScintilla(SCI_INDICATORCLEARRANGE, 0ul, SendScintilla(SCI_GETLENGTH));
}

bool SqlEditor::completing() const
{
    return SendScintilla(SCI_AUTOCACTIVE) != 0;
}

void SqlEditor::charAdded(int character)
{
    const auto caret = static_cast<std::size_t>(SendScintilla(SCI_GETCURRENTPOS));
    const bool word = character == '_' || (character < 128 && std::isalnum(character) != 0);
    if (character == '.')
        complete();
    else if (word && sqlCompletion(sql(), caret, m_tables).prefix >= kPrefixToComplete)
        complete();
}

void SqlEditor::complete()
{
    const auto caret = static_cast<std::size_t>(SendScintilla(SCI_GETCURRENTPOS));
    const auto all = sql();
    const auto found = sqlCompletion(all, caret, m_tables);
    const auto typed = QByteArray::fromStdString(all).mid(
        static_cast<qsizetype>(caret - found.prefix), static_cast<qsizetype>(found.prefix));
    QByteArray list;
    for (const auto &word : found.words) {
        const auto bytes = QByteArray::fromStdString(word);
        // What is already there needs no list.
        if (bytes.compare(typed, Qt::CaseInsensitive) == 0)
            continue;
        list += (list.isEmpty() ? "" : " ") + bytes;
    }
    if (list.isEmpty()) {
        SendScintilla(SCI_AUTOCCANCEL);
        return;
    }
    SendScintilla(SCI_AUTOCSHOW, static_cast<unsigned long>(found.prefix), list.constData());
}

bool SqlEditor::event(QEvent *event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const bool enter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
        const bool control = key->modifiers().testFlag(Qt::ControlModifier);
        if ((control && (enter || key->key() == Qt::Key_Space)) ||
            (key->key() == Qt::Key_Escape && (m_running || completing()))) {
            event->accept();
            return true;
        }
    }
    return QsciScintilla::event(event);
}

void SqlEditor::keyPressEvent(QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && event->modifiers().testFlag(Qt::ControlModifier)) {
        SendScintilla(SCI_AUTOCCANCEL);
        Q_EMIT runRequested();
        return;
    }
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::ControlModifier) {
        complete();
        return;
    }
    if (event->key() == Qt::Key_Escape && !completing()) {
        if (m_running)
            Q_EMIT stopRequested();
        else
            event->ignore();
        return;
    }
    const bool browsing = text().isEmpty() || (!m_fromHistory.isEmpty() && text() == m_fromHistory);
    if ((event->key() == Qt::Key_Up || event->key() == Qt::Key_Down) && !completing() &&
        event->modifiers() == Qt::NoModifier && browsing) {
        // Who has moved the caret into the text wants to walk through it.
        if (SendScintilla(SCI_GETCURRENTPOS) == SendScintilla(SCI_GETLENGTH)) {
            const bool up = event->key() == Qt::Key_Up;
            Q_EMIT historyRequested(up ? -1 : 1);
            return;
        }
    }
    QsciScintilla::keyPressEvent(event);
}

bool SqlEditor::focusNextPrevChild(bool next)
{
    return !completing() && QAbstractScrollArea::focusNextPrevChild(next);
}

} // namespace flamewright
