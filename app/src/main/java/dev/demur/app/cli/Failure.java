package dev.demur.app.cli;

import dev.demur.lab.judge.guard.UnreadableAnswerException;
import dev.demur.model.local.NativeFolderError;
import dev.demur.model.local.NotUtf8Exception;
import dev.demur.model.tensor.NumericException;
import dev.demur.model.tensor.TorchChoiceError;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/// What went wrong, as one line and an exit code.
///
/// @param message one line
/// @param exitCode as in [ExitCode]
public record Failure(String message, int exitCode) {

  /// Longer than any message of ours; a library's may be longer.
  private static final int MAX_LENGTH = 1000;

  private static final List<String> OUT_OF_NATIVE_MEMORY =
      List.of("can't allocate memory", "not enough memory", "std::bad_alloc", "bad allocation");

  private static final String NATIVE =
      "close other programs, take a smaller --batch or shorter prompts, or let weights stay on disk"
          + " with --weight-memory";

  private static final String HEAP =
      "close other programs, take a smaller --batch, or raise the Java heap with"
          + " DEMUR_JAVA_OPTS=-Xmx8g";

  /// What to say of an exception or error.
  public static Failure of(Throwable thrown) {
    return switch (thrown) {
      case UncheckedIOException e -> of(cause(e));
      case ExecutionException e -> of(cause(e));
      case CompletionException e when e.getCause() != null -> of(cause(e));
      case ExceptionInInitializerError e when e.getCause() != null -> of(cause(e));
      case NoClassDefFoundError e when e.getCause() != null -> of(cause(e));
      case NoSuchFileException e -> badInput(e.getFile() + ": no such file; check the path");
      case AccessDeniedException e ->
          badInput(e.getFile() + ": permission denied; check who owns it");
      case FileAlreadyExistsException e ->
          badInput(e.getFile() + ": exists already; delete it, or choose another name");
      case NotDirectoryException e -> badInput(e.getFile() + ": is not a folder");
      case FileSystemException e when e.getReason() != null ->
          badInput(e.getFile() + ": " + e.getReason());
      case NotUtf8Exception e -> badInput(text(e));
      case CharacterCodingException e ->
          badInput("a text that came in is not UTF-8 (" + text(e) + "); convert it");
      case FileNotFoundException e -> badInput(text(e));
      case IOException e -> badInput(text(e));
      case NumericException e -> badInput(text(e));
      case UnreadableAnswerException e -> badInput(text(e));
      case InvalidPathException e -> badInput("\"" + e.getInput() + "\" is not a path");
      case IllegalArgumentException e -> badInput(text(e));
      case OutOfMemoryError e -> memory(e, HEAP);
      case RuntimeException e when isNativeMemory(e) -> memory(e, NATIVE);
      case StackOverflowError _ ->
          badInput("the input is nested too deeply; make it flatter, or do not trust it");
      case NativeFolderError e -> badInput(text(e));
      case TorchChoiceError e -> badInput(text(e));
      case UnsatisfiedLinkError e ->
          new Failure(
              "a native library could not be loaded: "
                  + text(e)
                  + "; its libraries exist for Linux x86-64, macOS and Windows x86-64",
              ExitCode.BAD_INPUT);
      default ->
          new Failure(
              "fault in Demur: "
                  + thrown.getClass().getSimpleName()
                  + ": "
                  + text(thrown)
                  + "; run again with --debug for its place",
              ExitCode.FAULT);
    };
  }

  private static Throwable cause(Throwable e) {
    return Objects.requireNonNull(e.getCause(), "cause");
  }

  /// libtorch's allocator and C++ have no type of their own here, only words.
  private static boolean isNativeMemory(RuntimeException e) {
    String message = String.valueOf(e.getMessage());
    return OUT_OF_NATIVE_MEMORY.stream().anyMatch(message::contains);
  }

  private static Failure memory(Throwable e, String remedy) {
    return badInput("out of memory (" + text(e) + "); " + remedy);
  }

  private static Failure badInput(String message) {
    return new Failure(message, ExitCode.BAD_INPUT);
  }

  private static String text(Throwable thrown) {
    String message = thrown.getMessage();
    if (message == null || message.isBlank()) {
      return thrown.getClass().getSimpleName();
    }
    // libtorch appends its own stack, one frame a line.
    String line =
        message
            .lines()
            .takeWhile(l -> !l.startsWith("Exception raised from") && !l.startsWith("frame #"))
            .map(String::strip)
            .filter(l -> !l.isEmpty())
            .collect(Collectors.joining(" "));
    return (line.length() > MAX_LENGTH ? line.substring(0, MAX_LENGTH) + "…" : line)
        + Remedies.of(thrown);
  }
}
