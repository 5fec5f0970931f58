package dev.demur.lab.report.format;

import dev.demur.lab.prompts.PromptSet;
import dev.demur.lab.rows.DataFormatException;
import dev.demur.lab.run.ModelIdentity;
import dev.demur.lab.study.Role;
import dev.demur.lab.study.StudyConfig;
import dev.demur.lab.study.StudyData;
import dev.demur.lab.study.StudyResult.DataFacts;
import dev.demur.lab.study.StudyResult.ModelFacts;
import dev.demur.lab.study.StudyResult.SetFacts;
import dev.demur.model.local.RegularFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;

/// What a study's `manifest.json` says is needed to run it again.
///
/// @param tool name and version of the program
/// @param command as it was typed; it is shown, and never run
/// @param model what was studied
/// @param config all that decided the numbers
/// @param data the prompts, by hash
/// @param judges who judged
public record StudyManifest(
    String tool,
    String command,
    ModelFacts model,
    StudyConfig config,
    DataFacts data,
    List<JudgeFacts> judges) {

  private static final ObjectReader STRICT =
      JsonReport.JSON.reader().with(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES);

  /// A judge by name and version.
  public record JudgeFacts(String name, String version) {}

  /// Something that is not as it was.
  ///
  /// @param what it is about
  /// @param then in the manifest
  /// @param now here
  public record Difference(String what, String then, String now) {}

  public StudyManifest {
    judges = List.copyOf(judges);
  }

  /// Reads a manifest, of an earlier version too: what that did not record has the value that it
  /// had then.
  ///
  /// @throws DataFormatException if it is not one of a study that this version can run
  /// @throws IOException if it cannot be read
  public static StudyManifest read(Path file) throws IOException {
    try {
      JsonNode root = JsonReport.JSON.readTree(RegularFile.text(file));
      if (!root.path("format").asString("").equals("demur-manifest") || !root.has("config")) {
        throw new DataFormatException(
            file, "is no manifest of a study; name its run folder or its manifest.json.");
      }
      EarlierReport.completeInPlace(root);
      return new StudyManifest(
          root.path("tool").asString(""),
          root.path("command").asString(""),
          STRICT.forType(ModelFacts.class).readValue(root.path("model")),
          STRICT.forType(StudyConfig.class).readValue(root.path("config")),
          STRICT.forType(DataFacts.class).readValue(root.path("data")),
          root.path("judges").valueStream().map(StudyManifest::judge).toList());
    } catch (JacksonException | IllegalArgumentException e) {
      throw new DataFormatException(
          file,
          "is not a manifest this version runs (" + e.getMessage() + "); run the study by hand.",
          e);
    }
  }

  private static JudgeFacts judge(JsonNode json) {
    return new JudgeFacts(json.path("name").asString(""), json.path("version").asString(""));
  }

  /// What of program, model, prompts and judges is not as it was; empty where all is.
  ///
  /// @param program name and version of this program
  /// @param identity of the model at hand
  /// @param prompts at hand
  /// @param versions of the judges at hand, by name
  public List<Difference> differences(
      String program,
      ModelIdentity identity,
      StudyData prompts,
      SequencedMap<String, String> versions) {
    var found = new ArrayList<Difference>();
    add(found, "version", tool, program);
    add(found, "weights", model.weightsSha256(), identity.weights());
    add(found, "chat template", model.templateSha256(), identity.template());
    add(found, "dtype", model.dtype(), identity.dtype());
    for (SetFacts set : data.sets()) {
      add(found, "prompts, " + set.name(), set.sha256(), hash(prompts, set));
    }
    var before = new TreeMap<String, String>();
    judges.forEach(judge -> before.put(judge.name(), judge.version()));
    add(found, "judges", before.toString(), new TreeMap<>(versions).toString());
    return found;
  }

  private static void add(List<Difference> found, String what, String then, String now) {
    if (!then.equals(now)) {
      found.add(new Difference(what, then, now));
    }
  }

  private static String hash(StudyData prompts, SetFacts set) {
    return switch (set.role()) {
      case HARMFUL_TRAIN -> prompts.pools().harmfulTrain().sha256();
      case HARMLESS_TRAIN -> prompts.pools().harmlessTrain().sha256();
      case HARMFUL_VAL -> prompts.pools().harmfulVal().sha256();
      case HARMLESS_VAL -> prompts.pools().harmlessVal().sha256();
      case HARMLESS_EVALUATION -> prompts.harmlessSet().sha256();
      case HARMFUL_EVALUATION ->
          prompts.harmfulSets().stream()
              .filter(given -> given.name().equals(set.name()))
              .map(PromptSet::sha256)
              .findFirst()
              .orElse("not given");
    };
  }

  /// Names of the harmful evaluation sets.
  public List<String> harmfulSets() {
    return data.sets().stream()
        .filter(set -> set.role() == Role.HARMFUL_EVALUATION)
        .map(SetFacts::name)
        .toList();
  }
}
