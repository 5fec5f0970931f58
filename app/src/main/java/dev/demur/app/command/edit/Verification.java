package dev.demur.app.command.edit;

import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Terminal;
import dev.demur.app.option.ModelOptions;
import dev.demur.lab.edit.EditCheck;
import dev.demur.lab.edit.EditCheck.Settings;
import dev.demur.lab.edit.EditRecord;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.steer.WeightEdit;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// Compares an edited model with hooks on its source and says how it went.
///
/// @param terminal where to say it
/// @param options how the models are opened
record Verification(Terminal terminal, ModelOptions options) {

  private static final int NEW_TOKENS = 24;

  /// The built-in prompts.
  static Settings neutral() {
    return new Settings(EditCheck.NEUTRAL_PROMPTS, NEW_TOKENS);
  }

  /// Runs the comparison.
  EditCheck run(String source, String edited, WeightEdit edit, EditRecord record, Settings settings)
      throws IOException {
    return EditCheck.run(
        () -> options.open(source, terminal),
        () -> options.open(edited, terminal),
        edit,
        record,
        settings);
  }

  /// What was compared, for programs.
  static Map<String, Object> facts(EditCheck check) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("holds", check.holds());
    facts.put("expectation", check.expectation());
    facts.put("max_logit_difference", check.difference());
    facts.put("of_largest_logit", check.relative());
    facts.put("same_likeliest_token", check.likeliest());
    facts.put("same_greedy_continuation", check.continuations());
    facts.put("left_along_direction", check.leftover());
    return facts;
  }

  /// Complains where the two differ and must not.
  ///
  /// @return [ExitCode#CONDITION_MET] in that case
  int exitCode(EditCheck check) {
    if (check.holds()) {
      return ExitCode.OK;
    }
    terminal.say(
        String.format(
            Locale.ROOT,
            "the edited weights are not what the hooks do: max |Δlogit| is %.1e of the largest"
                + " logit, expected at most %.0e",
            check.relative(),
            EditCheck.TOLERANCE));
    return ExitCode.CONDITION_MET;
  }

  /// What was compared, for people.
  void say(EditCheck check, WeightEdit edit) {
    var out = terminal.out();
    out.println("hooks against edited weights: " + check.expectation().sentence());
    row(
        "max |Δlogit|",
        String.format(
            Locale.ROOT, "%.3g, %.1e of the largest logit", check.difference(), check.relative()));
    row("same likeliest token", share(check.likeliest()));
    row("same greedy continuation", share(check.continuations()) + " prompts");
    if (edit instanceof WeightEdit.Orthogonalize o && o.strength() == 1) {
      row(
          "left along the direction",
          String.format(Locale.ROOT, "%.1e of what is written, at most", check.leftover()));
    }
  }

  private static String share(Rate rate) {
    return rate.successes() + " of " + rate.n();
  }

  private void row(String name, String text) {
    terminal.out().println("  " + name + " ".repeat(Math.max(2, 26 - name.length())) + text);
  }
}
