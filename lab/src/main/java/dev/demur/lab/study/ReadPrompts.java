package dev.demur.lab.study;

import dev.demur.lab.prompts.Sample;
import dev.demur.lab.run.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The stage that reads one drawn set: the stream of training prompts at the EOI tokens, and of all
/// prompts the logits after the last.
///
/// @param model the model
/// @param role what the set was drawn for
/// @param sample the set
record ReadPrompts(StudiedModel model, Role role, Sample sample) implements Stage.OfFile<Reading> {

  @Override
  public String name() {
    return "read";
  }

  @Override
  public String ending() {
    return ".safetensors";
  }

  @Override
  public String title() {
    return "read " + role.text();
  }

  @Override
  public int size() {
    return sample.size();
  }

  @Override
  public Object inputs() {
    return List.of(model.identity(), Facts.hash(sample.instructions()), positions());
  }

  @Override
  public long tokens() {
    return model.tokens(sample).stream().mapToLong(ids -> ids.size()).sum();
  }

  /// Of a 7B model this is 257 MB of activations and 78 MB of logits, which a card computes sooner
  /// than they come home and are written: docs/devices.md.
  @Override
  public Stage.Keeping keeping() {
    return model.model().transformer().holding().placement().isHost()
        ? Stage.Keeping.KEPT
        : Stage.Keeping.MADE_AGAIN;
  }

  private int positions() {
    return role.isTrain() ? model.formats().scoring().eoiTokens().size() : 0;
  }

  @Override
  public Reading compute() {
    return Reading.of(model.model(), model.prompts(sample), positions());
  }

  @Override
  public void write(Reading reading, Path file) throws IOException {
    reading.write(file);
  }

  @Override
  public Reading read(Path file) throws IOException {
    return Reading.read(file);
  }
}
