// What every page does beyond links and posts: keys, claiming by typing, drafts that keep themselves.
import "htmx.org";
import "./forms/form.js";
import "./drafts.js";
import "./keys.js";
import "./live.js";
import "./choosing.js";
import "./dialogs.js";
import "./tabs.js";
import "./wrong.js";
import "./scanning/tools.js";
