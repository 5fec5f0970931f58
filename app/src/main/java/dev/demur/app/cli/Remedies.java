package dev.demur.app.cli;

import dev.demur.lab.LabRemedy;
import dev.demur.model.remedy.ModelRemedy;
import dev.demur.model.remedy.Remedied;
import dev.demur.model.remedy.Remedy;
import java.util.stream.Collectors;

/// How the command line asks for what the libraries advise. They speak of adapters and operations;
/// here, and nowhere else, that becomes `--adapter` and `--operation`.
final class Remedies {

  private Remedies() {}

  /// What to add to the message of an exception: empty, or ` (--adapter)`.
  static String of(Throwable thrown) {
    if (!(thrown instanceof Remedied remedied) || remedied.remedies().isEmpty()) {
      return "";
    }
    return remedied.remedies().stream()
        .map(Remedies::words)
        .collect(Collectors.joining(", ", " (", ")"));
  }

  /// Flags or a command.
  private static String words(Remedy remedy) {
    return switch (remedy) {
      case ModelRemedy ours -> words(ours);
      case LabRemedy ours -> words(ours);
      default -> throw new IllegalArgumentException("no words for " + remedy);
    };
  }

  private static String words(ModelRemedy remedy) {
    return switch (remedy) {
      case PASS_RAW_TEXT -> "--raw";
      case CHOOSE_FILES -> "--include PATTERN";
      case ADD_ADAPTER -> "--adapter";
      case FETCH_MODEL -> "demur models pull";
    };
  }

  private static String words(LabRemedy remedy) {
    return switch (remedy) {
      case ADD_WHILE_RUNNING -> "demur chat --add";
      case WRITE_CONTROL_VECTOR -> "demur edit --as control-vector";
      case WRITE_CHECKPOINT -> "--as checkpoint";
      case KEEP_TIED -> "--keep-tied";
      case CHOOSE_COMPONENTS -> "--components attention,mlp";
      case CHOOSE_STORAGE -> "--store";
      case CHOOSE_LAYERS -> "--layers";
      case GIVE_DIRECTION -> "--direction";
      case SET_TEMPLATE_VARIABLE -> "--template NAME=VALUE";
      case CHOOSE_GRID -> "--grid model=MODEL";
      case IMPORT_DATA -> "demur data pull --from FOLDER";
      case SAY_OPERATION -> "--operation";
      case SAY_SITE -> "--site";
      case SAY_NUMBERING -> "--numbering from-0 or from-1";
      case SAY_LAYER -> "--layer";
      case SAY_TENSOR -> "--tensor";
      case SAY_POSITION -> "--position";
    };
  }
}
