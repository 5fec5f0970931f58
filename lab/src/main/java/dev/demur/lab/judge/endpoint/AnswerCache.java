package dev.demur.lab.judge.endpoint;

import dev.demur.lab.Sha256;
import dev.demur.model.local.Readers;
import dev.demur.model.local.RegularFile;
import dev.demur.model.local.WholeFile;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Answers on disk, one file a question, named by the hash of the address and the request. A file
/// appears whole or not at all, and its first line is a checksum: an answer that was damaged or
/// changed counts as not there, and is asked for again. Requests hold no key, so neither does the
/// cache.
///
/// @param folder made when the first answer is kept
record AnswerCache(Path folder) {

  static String key(String address, String request) {
    return Sha256.ofText(address + "\n" + request);
  }

  /// Whether an answer is there that can be read.
  boolean has(String key) {
    try {
      return get(key).isPresent();
    } catch (IOException _) {
      return false; // said when the answer is wanted
    }
  }

  Optional<String> get(String key) throws IOException {
    if (!RegularFile.isThere(file(key))) {
      return Optional.empty();
    }
    try {
      String text = RegularFile.text(file(key));
      String answer = text.substring(text.indexOf('\n') + 1);
      return text.equals(document(key, answer)) ? Optional.of(answer) : Optional.empty();
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  void put(String key, String answer) throws IOException {
    Files.createDirectories(folder);
    WholeFile.write(
        file(key), document(key, answer).getBytes(StandardCharsets.UTF_8), Readers.OWNER);
  }

  /// The key is in the checksum, so that no answer can be given out for another question's.
  private static String document(String key, String answer) {
    return Sha256.ofText(key + "\n" + answer) + "\n" + answer;
  }

  private Path file(String key) {
    return folder.resolve(key + ".txt");
  }
}
