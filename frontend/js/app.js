// Comfort only: every page of a resident works without this file.
import "./dialogs.js";
import "./forms.js";
import "./now.js";
import "./page.js";
import "./procedures.js";
