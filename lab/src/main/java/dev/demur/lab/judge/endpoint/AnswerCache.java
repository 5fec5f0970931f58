package dev.demur.lab.judge.endpoint;

import dev.demur.lab.Sha256;
import dev.demur.model.local.RegularFile;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/// Answers on disk, one file a question, named by the hash of the address and the request. A file
/// appears whole or not at all. Requests hold no key, so neither does the cache.
///
/// @param folder made when the first answer is kept
record AnswerCache(Path folder) {

  static String key(String address, String request) {
    return Sha256.ofText(address + "\n" + request);
  }

  boolean has(String key) {
    return Files.exists(file(key));
  }

  Optional<String> get(String key) throws IOException {
    try {
      return has(key) ? Optional.of(RegularFile.text(file(key))) : Optional.empty();
    } catch (CharacterCodingException e) {
      return Optional.empty(); // damaged: ask again and write it anew
    }
  }

  void put(String key, String answer) throws IOException {
    Files.createDirectories(folder);
    Path temporary = Files.createTempFile(folder, "answer", ".part");
    try {
      Files.writeString(temporary, answer);
      Files.move(
          temporary,
          file(key),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private Path file(String key) {
    return folder.resolve(key + ".txt");
  }
}
