package dev.demur.model.hub;

import dev.demur.model.format.ModelFormatException;
import dev.demur.model.local.RegularFile;
import dev.demur.model.local.UserHome;
import dev.demur.model.remedy.ModelRemedy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// The folder in which huggingface_hub keeps what it has fetched.
///
/// Layout: `models--ORG--NAME/refs/REVISION` holds a commit, `models--ORG--NAME/snapshots/COMMIT`
/// is the folder of that commit.
///
/// @param root the cache folder; need not exist
public record HubCache(Path root) {

  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  /// The cache that `HF_HUB_CACHE`, else `$HF_HOME/hub`, else `~/.cache/huggingface/hub` names.
  public static HubCache ofEnvironment() {
    return of(System.getenv(), UserHome.named());
  }

  /// The cache an environment names, as huggingface_hub reads it.
  ///
  /// @param home the user's home folder, for `~` and the usual place
  public static HubCache of(Map<String, String> environment, Path home) {
    for (String name : List.of("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE")) {
      String cache = environment.getOrDefault(name, "");
      if (!cache.isBlank()) {
        return new HubCache(expanded(cache, home));
      }
    }
    return new HubCache(home(environment, home).resolve("hub"));
  }

  /// The folder of everything huggingface_hub keeps: `HF_HOME`, else `$XDG_CACHE_HOME/huggingface`,
  /// else `~/.cache/huggingface`.
  ///
  /// @param home the user's home folder
  public static Path home(Map<String, String> environment, Path home) {
    String hfHome = environment.getOrDefault("HF_HOME", "");
    if (!hfHome.isBlank()) {
      return expanded(hfHome, home);
    }
    String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
    return (caches.isBlank() ? UserHome.required(home).resolve(".cache") : expanded(caches, home))
        .resolve("huggingface");
  }

  private static Path expanded(String text, Path home) {
    return text.equals("~") || text.startsWith("~/")
        ? UserHome.required(home).resolve(text.substring(1).replaceFirst("^/+", ""))
        : Path.of(text);
  }

  /// The folder of all that is kept of a model; need not exist.
  public Path folder(HubId id) {
    return root.resolve("models--" + id.org() + "--" + id.name());
  }

  /// The folder of a model at a revision.
  ///
  /// @param id `org/name`
  /// @param revision branch, tag or commit
  /// @throws ModelFormatException if the cache does not hold it
  public Path snapshot(HubId id, String revision) throws IOException {
    Path model = folder(id);
    if (!Files.isDirectory(model)) {
      throw new ModelFormatException(
          root,
          id + " is not in the hub cache; fetch it, or give a folder or a .gguf file",
          List.of(ModelRemedy.FETCH_MODEL));
    }
    Path snapshot = model.resolve("snapshots").resolve(commit(model, id, revision));
    if (!Files.isDirectory(snapshot)) {
      throw new ModelFormatException(
          snapshot, "the hub cache has no such snapshot of " + id + "; fetch it again");
    }
    return snapshot;
  }

  private static String commit(Path model, HubId id, String revision) throws IOException {
    if (COMMIT.matcher(revision).matches()) {
      return revision;
    }
    // Revisions such as refs/pr/1 are files in folders; none may lead out of refs.
    Path refs = model.resolve("refs").normalize();
    Path ref = refs.resolve(revision).normalize();
    if (!ref.startsWith(refs) || !Files.isRegularFile(ref)) {
      throw new ModelFormatException(
          model, "the hub cache has no revision \"" + revision + "\" of " + id + "; fetch it");
    }
    String commit = Files.size(ref) > 100 ? "" : RegularFile.text(ref).strip();
    if (!COMMIT.matcher(commit).matches()) {
      throw new ModelFormatException(ref, "holds no commit id; fetch " + id + " again");
    }
    return commit;
  }
}
