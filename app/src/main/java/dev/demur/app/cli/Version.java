package dev.demur.app.cli;

import dev.demur.lab.Sha256;
import dev.demur.lab.direction.Provenance;
import dev.demur.model.ChatModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/// This build's version.
public final class Version implements IVersionProvider {

  /// `demur 0.1.0`, as files name their maker.
  public static String tool() {
    return "demur " + number();
  }

  /// `0.1.0`.
  static String number() {
    var properties = new Properties();
    try (var in = Version.class.getResourceAsStream("demur.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version", "unknown");
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      tool(), "Java " + Runtime.version() + ", " + System.getProperty("os.name")
    };
  }

  /// What files that are made of a model say of it, and of who made them.
  public static Provenance provenance(ChatModel model) throws IOException {
    return new Provenance(
        model.name(),
        model.files().weightsHash(),
        Sha256.ofText(model.chatTemplate().orElse("")),
        tool());
  }
}
