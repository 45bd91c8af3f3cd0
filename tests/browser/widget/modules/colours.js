import { contrast, palette, readable, standingOut } from "/web/widget/colours.js";
import { equal, ok, seeded } from "./check.js";

const MIST = { light: "#edece9", dark: "#242827" };

export const tests = {
  "contrast is that of WCAG"() {
    equal(Math.round(contrast("#000000", "#ffffff") * 100), 2100);
    equal(Math.round(contrast("#777777", "#ffffff") * 100), 448);
  },

  "a client's colour that can be read is left alone"() {
    equal(readable("#ffffff", "#0b5d4e"), "#ffffff");
    equal(standingOut("#0b5d4e", "#ffffff", 4.5), "#0b5d4e");
  },

  "any colour becomes readable"() {
    const random = seeded(7);
    const colour = () => "#" + Math.floor(random() * 0x1000000).toString(16).padStart(6, "0");
    for (let at = 0; at < 2000; at += 1) {
      const [wish, ground] = [colour(), colour()];
      ok(contrast(readable(wish, ground), ground) >= 4.5, `text on ${ground}`);
      for (const paper of Object.values(MIST)) {
        ok(contrast(standingOut(wish, paper, 4.5), paper) >= 4.5, `${wish} on ${paper}`);
      }
    }
  },

  "a colour that is none makes no style"() {
    equal(palette({ primary: "#0b5d4e;} *{display:none", on_primary: "#ffffff", accent: "#b4430c" }), "");
  },
};
