package dev.demur.lab.run;

import dev.demur.lab.Sha256;
import dev.demur.model.local.Readers;
import dev.demur.model.tensor.Torch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.EnumNamingStrategies;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What is needed to run again and to know that it is the same run: `manifest.json`. It also tells
/// whether a result of the folder is as it was written.
///
/// @param origin who ran it, where and when
/// @param about what it was run on and with, by name: all that decides its numbers
/// @param stages seconds and tokens, summed over interruptions
public record Manifest(
    Origin origin, SequencedMap<String, Object> about, List<StageTiming> stages) {

  /// Value of `format`.
  private static final String FORMAT = "demur-manifest";

  /// Value of `version`; raised when a reader of the old layout would misread the new.
  private static final int VERSION = 2;

  private static final String FILES = "files";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enumNamingStrategy(EnumNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  /// A file of the run folder.
  ///
  /// @param name relative to the folder, with `/`
  public record FileFacts(String name, long bytes, String sha256) {}

  /// Where and how something was run.
  ///
  /// @param tool name and version of the program
  /// @param command as typed; empty where nothing was
  /// @param started when it began; earlier, interrupted runs left their stages
  /// @param machine where
  public record Origin(String tool, String command, Instant started, Machine machine) {

    /// A program of one's own that begins now, on this machine.
    public static Origin of(String tool) {
      return new Origin(tool, "", Instant.now(), Machine.here(Torch.threads()));
    }
  }

  public Manifest {
    about = new LinkedHashMap<>(about);
    stages = List.copyOf(stages);
  }

  /// Writes it, with the hashes of the files that were written into the folder.
  public void write(RunFolder folder, List<Path> written) throws IOException {
    var document = new LinkedHashMap<String, Object>();
    document.put("format", FORMAT);
    document.put("version", VERSION);
    document.put("tool", origin.tool());
    document.put("command", origin.command());
    document.put("started", origin.started());
    document.put("finished", Instant.now());
    document.put("machine", origin.machine());
    document.putAll(about);
    document.put("stages", stages);
    document.put(FILES, facts(folder, written));
    folder.write(RunFolder.MANIFEST, JSON.writeValueAsString(document), Readers.AS_USUAL);
  }

  private static List<FileFacts> facts(RunFolder folder, List<Path> written) throws IOException {
    var facts = new ArrayList<FileFacts>();
    for (Path file : written) {
      byte[] bytes = folder.read(file);
      String name = folder.path().relativize(file).toString().replace('\\', '/');
      facts.add(new FileFacts(name, bytes.length, Sha256.of(bytes)));
    }
    return facts;
  }

  /// The files a folder's manifest names; none where there is no manifest, or none to be read.
  static List<FileFacts> files(RunFolder folder) throws IOException {
    return read(folder)
        .path(FILES)
        .valueStream()
        .map(
            file ->
                new FileFacts(
                    file.path("name").asString(""),
                    file.path("bytes").asLong(0),
                    file.path("sha256").asString("")))
        .toList();
  }

  private static JsonNode read(RunFolder folder) throws IOException {
    if (!folder.has(RunFolder.MANIFEST)) {
      return JSON.nullNode();
    }
    try {
      return JSON.readTree(folder.read(RunFolder.MANIFEST));
    } catch (JacksonException _) { // damaged: it can be believed in nothing
      return JSON.nullNode();
    }
  }

  /// Says that files of the folder were written again. Where the folder has no manifest, nothing
  /// happens.
  public static void update(RunFolder folder, List<Path> written) throws IOException {
    if (!(read(folder) instanceof ObjectNode document)) {
      return;
    }
    var files = new LinkedHashMap<String, FileFacts>();
    files(folder).forEach(file -> files.put(file.name(), file));
    facts(folder, written).forEach(file -> files.put(file.name(), file));
    document.set(FILES, JSON.valueToTree(List.copyOf(files.values())));
    folder.write(RunFolder.MANIFEST, JSON.writeValueAsString(document), Readers.AS_USUAL);
  }
}
