package dev.heddle.content;

import java.util.regex.Pattern;

/// Text for cells that people open with spreadsheets.
public final class SpreadsheetText {
    /// What begins a formula, in the forms that spreadsheets know (OWASP, "CSV injection").
    private static final String FORMULA_STARTS = "=+-@\t\r\n＝＋－＠";

    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d+(\\.\\d+)?([eE][+-]?\\d+)?");

    private SpreadsheetText() {}

    /// A text that no spreadsheet runs as a formula: one that looks like it gets an apostrophe in
    /// front; numbers don't.
    public static String of(String text) {
        return isFormula(text) ? "'" + text : text;
    }

    private static boolean isFormula(String text) {
        return !text.isEmpty()
                && FORMULA_STARTS.indexOf(text.charAt(0)) >= 0
                && !NUMBER.matcher(text).matches();
    }
}
