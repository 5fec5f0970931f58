package dev.demur.app.command.measure;

import dev.demur.lab.map.MapPreset;
import dev.demur.lab.map.pairs.MapData;
import dev.demur.lab.map.pairs.PairsFile;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The pairs of the embedded models: their own, and what stands in for a work's sets.
final class DemoPairs {

  private DemoPairs() {}

  /// @throws IllegalArgumentException if nothing stands in for the work's sets on this model
  static MapData of(DemoModel demo, Optional<MapPreset> work) throws IOException {
    return switch (demo) {
      case THINK -> ofThinking(work);
      case CHAT, BASE -> ofChat(work);
    };
  }

  private static MapData ofChat(Optional<MapPreset> work) throws IOException {
    return switch (work.orElse(MapPreset.JOAD)) {
      case JOAD -> named("demo-pairs.json");
      case POLYREFUSE -> named("demo-languages.json");
      case LIREFS, PERSONAS ->
          throw new IllegalArgumentException(
              "demo has no prompts for this preset, demo-think has; or name some with --pairs");
    };
  }

  private static MapData ofThinking(Optional<MapPreset> work) throws IOException {
    return switch (work.orElse(MapPreset.JOAD)) {
      case JOAD -> new PairsFile(DemoModel.prompts("kinds/pairs")).read();
      case POLYREFUSE -> named("demo-languages.json");
      case LIREFS -> named("think-reasoning.json");
      case PERSONAS -> named("think-personas.json");
    };
  }

  /// Pairs of this program; paths in them are relative to the model's prompts.
  private static MapData named(String name) throws IOException {
    try (InputStream in = DemoPairs.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the program; rebuild it");
      }
      return new PairsFile(DemoModel.prompts("pairs"))
          .read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
