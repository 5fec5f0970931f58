package dev.demur.model.hub;

import java.util.regex.Pattern;

/// A model on the hub at a revision, written `org/name` or `org/name@revision`.
///
/// @param id the model
/// @param revision branch, tag, `refs/pr/N` or commit
public record HubReference(HubId id, String revision) {

  private static final String MAIN = "main";

  /// Fewer characters than git allows: none that mean something to a shell, a URL or a file system.
  private static final Pattern REVISION =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]*(/[A-Za-z0-9][A-Za-z0-9._+-]*)*");

  private static final int MAX_REVISION = 200;

  public HubReference {
    if (revision.length() > MAX_REVISION
        || revision.contains("..")
        || !REVISION.matcher(revision).matches()) {
      throw new IllegalArgumentException(
          "\"" + revision + "\" is not a revision; expected a branch, a tag or a commit");
    }
  }

  /// Reads `org/name[@revision]`.
  ///
  /// @throws IllegalArgumentException if the text is something else
  public static HubReference parse(String text) {
    int at = text.indexOf('@');
    String name = at < 0 ? text : text.substring(0, at);
    var id =
        HubId.parse(name)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "\"" + name + "\" is not a name on the hub, expected org/name[@revision]"));
    return new HubReference(id, at < 0 ? MAIN : text.substring(at + 1));
  }

  @Override
  public String toString() {
    return revision.equals(MAIN) ? id.toString() : id + "@" + revision;
  }
}
