"""Room four: tables, figures, sentences, pages and workbooks from the processed tables."""
