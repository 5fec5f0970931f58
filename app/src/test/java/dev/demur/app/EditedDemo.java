package dev.demur.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.nio.file.Path;

/// The embedded model, orthogonalised.
///
/// @param direction what was taken out of it
/// @param model the edited folder
public record EditedDemo(Path direction, Path model) {

  /// Edits it, in `folder`.
  public static EditedDemo in(Path folder) throws IOException {
    Path edited = folder.resolve("edited");
    String demo = DemoModel.prompts().resolveSibling("chat").toString();
    Path direction = DemoDirection.write(demo, 5, folder);
    assertThat(Cli.run("edit", demo, "--direction", direction, "-o", edited, "--no-verify").code())
        .isZero();
    return new EditedDemo(direction, edited);
  }
}
