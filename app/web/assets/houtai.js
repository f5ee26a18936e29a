// What every page does beyond links and posts: keys, claiming by typing, drafts that keep themselves.
import "htmx.org";
import "./drafts.js";
import "./keys.js";
import "./dialogs.js";
