package dev.demur.app.option;

import dev.demur.lab.prompts.AttackedPrompts;
import dev.demur.model.local.RegularFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What a study's direction is compared with: attacks and adapters that the user brings.
public final class ComparisonOptions {

  private static final String CONFIG = "adapter_config.json";

  @Option(
      names = "--attack",
      paramLabel = "[NAME=]FILE",
      description =
          "Prompts of a published attack, each with its plain prompt: an artifact of"
              + " JailbreakBench, or a file with the columns goal and prompt; may be repeated."
              + " Demur brings none and searches for none.")
  private List<String> attacks = List.of();

  @Option(
      names = "--attack-suffixes",
      paramLabel = "FILE",
      description =
          "Texts to append to the harmful evaluation prompts, one a line, each an attack of its"
              + " own.")
  private @Nullable Path suffixes;

  @Option(
      names = "--beside-adapter",
      paramLabel = "DIR",
      description =
          "LoRA adapter, as peft writes it: one table of the unedited model, ablation, subtraction"
              + " and this adapter.")
  private @Nullable Path adapter;

  /// The attacks named.
  public List<AttackedPrompts> attacks() throws IOException {
    var named = new ArrayList<AttackedPrompts>();
    for (String text : attacks) {
      int equals = text.indexOf('=');
      Path file = Path.of(text.substring(equals + 1));
      String name = equals < 0 ? String.valueOf(file.getFileName()) : text.substring(0, equals);
      named.add(AttackedPrompts.read(file, name));
    }
    return named;
  }

  /// The suffixes named.
  ///
  /// @param usual what stands in where none are
  public List<String> suffixes(List<String> usual) throws IOException {
    return suffixes == null ? usual : Suffixes.read(suffixes);
  }

  /// The adapter's folder, if one is named.
  ///
  /// @throws IllegalArgumentException if it holds no adapter: hours of measuring come before it
  public Optional<Path> adapter() throws IOException {
    if (adapter != null && !RegularFile.isThere(adapter.resolve(CONFIG))) {
      throw new IllegalArgumentException(
          "--beside-adapter: %s holds no %s; name a folder as save_pretrained of peft leaves it"
              .formatted(adapter, CONFIG));
    }
    return Optional.ofNullable(adapter);
  }
}
