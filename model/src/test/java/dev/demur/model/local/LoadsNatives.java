package dev.demur.model.local;

import dev.demur.model.format.TokenizerFiles;
import dev.demur.model.tensor.Torch;
import dev.demur.model.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.node.JsonNodeFactory;

/// Loads native code in a process of its own and prints which files the process has mapped to run
/// them. Arguments: `torch`, or a `tokenizer.json`.
final class LoadsNatives {

  private LoadsNatives() {}

  public static void main(String[] args) throws IOException {
    for (String what : args) {
      if (what.equals("torch")) {
        Torch.threads(1);
      } else {
        var config = JsonNodeFactory.instance.objectNode();
        Tokenizer.of(new TokenizerFiles.HuggingFace(Path.of(what), config)).encode("a").size();
      }
    }
    try (var maps = Files.lines(Path.of("/proc/self/maps"))) {
      maps.filter(line -> line.contains(" r-xp ") && line.contains("/"))
          .map(line -> line.substring(line.indexOf('/')))
          .distinct()
          .forEach(System.out::println);
    }
  }
}
