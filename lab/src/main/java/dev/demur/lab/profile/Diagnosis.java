package dev.demur.lab.profile;

import dev.demur.lab.run.Machine;
import dev.demur.model.arch.Linear;
import dev.demur.model.hub.HubSettings;
import dev.demur.model.kernel.RowProducts;
import dev.demur.model.kernel.StoredAs;
import dev.demur.model.local.UserCache;
import dev.demur.model.tensor.Card;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.InstalledTorch;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.tensor.Torch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// What Demur finds on this machine, and what would make it better or work at all.
///
/// @param findings in the order a newcomer asks
public record Diagnosis(List<Finding> findings) {

  private static final double GIGA = 1e9;

  /// Bfloat16 products below this share of float32 ones cost more than the memory they save.
  private static final double SLOW = 0.5;

  private static final int WIDTH = 512;
  private static final int ROWS = 64;
  private static final int LEAST_CORES = 2;
  private static final long LEAST_MEMORY = 4_000_000_000L;

  public Diagnosis {
    findings = List.copyOf(findings);
  }

  /// One thing looked at.
  ///
  /// @param subject what
  /// @param state how it is
  /// @param found what was found
  /// @param advice what to do; empty where there is nothing to do
  public record Finding(String subject, State state, String found, Optional<String> advice) {}

  /// How something is.
  public enum State {
    /// As it should be.
    GOOD,
    /// Demur works without it.
    COULD_BE_BETTER,
    /// Something will fail.
    BROKEN
  }

  /// Looks at this machine, in about a second.
  ///
  /// @param environment variables of this process
  public static Diagnosis of(Map<String, String> environment) {
    var findings = new ArrayList<Finding>();
    findings.add(java());
    findings.add(machine());
    var libtorch = libtorch();
    findings.add(libtorch);
    var cards = Card.all();
    findings.add(installed(environment, cards));
    findings.add(cards(cards));
    if (libtorch.state != State.BROKEN) {
      findings.add(products());
    }
    findings.add(cache());
    findings.add(hub());
    findings.add(text());
    return new Diagnosis(findings);
  }

  /// Whether nothing is broken.
  public boolean isSound() {
    return findings.stream().noneMatch(finding -> finding.state == State.BROKEN);
  }

  private static Finding java() {
    boolean vectors = RowProducts.available(StoredAs.F32);
    String found = Runtime.version() + (vectors ? ", with vector kernels" : "");
    return vectors
        ? good("Java", found)
        : better(
            "Java",
            found,
            "add the module jdk.incubator.vector when Java starts: one sequence is then written two"
                + " to three times as fast");
  }

  private static Finding machine() {
    var machine = Machine.here(1, "");
    String found =
        machine.processor()
            + ", "
            + machine.cores()
            + " cores, "
            + gigabytes(machine.memoryBytes())
            + ", "
            + machine.system();
    if (machine.memoryBytes() < LEAST_MEMORY || machine.cores() < LEAST_CORES) {
      return better(
          "machine", found, "4 GB and 2 cores run the embedded model; a real one wants more");
    }
    return good("machine", found);
  }

  private static Finding libtorch() {
    try {
      var installed = Torch.installed();
      return good(
          "libtorch",
          installed
              .map(InstalledTorch::toString)
              .orElseGet(() -> "the bundled one, " + Torch.version()));
    } catch (LinkageError e) {
      return broken("libtorch", String.valueOf(e.getMessage()), "mend what the message names");
    }
  }

  private static Finding installed(Map<String, String> environment, List<Card> cards) {
    var all = InstalledTorch.all(environment);
    if (all.isEmpty()) {
      return good("PyTorch", "none found; the bundled libtorch needs none");
    }
    var fitting = all.stream().filter(torch -> torch.unfit().isEmpty()).findFirst();
    String found =
        String.join(
            "; ",
            all.stream()
                .map(torch -> torch + torch.unfit().map(why -> ": " + why).orElse(""))
                .toList());
    boolean helps = fitting.filter(InstalledTorch::hasCuda).isPresent() && !cards.isEmpty();
    return helps && !Torch.isAsked(environment)
        ? better("PyTorch", found, "set DEMUR_TORCH=auto to compute on the card with it")
        : good("PyTorch", found);
  }

  private static Finding cards(List<Card> cards) {
    return good(
        "cards",
        cards.isEmpty()
            ? "none (no CUDA driver, or it shows none)"
            : String.join(
                "; ",
                cards.stream()
                    .map(card -> card.device() + " " + card.name() + " " + gigabytes(card.bytes()))
                    .toList()));
  }

  private static Finding products() {
    double full = rate(DType.F32);
    double half = rate(DType.BF16);
    String found =
        "float32 "
            + Math.round(full / GIGA)
            + " GFLOP/s, bfloat16 "
            + Math.round(half / GIGA)
            + " GFLOP/s";
    return half < SLOW * full
        ? better(
            "products",
            found,
            "bfloat16 is slow on this processor: hold matrices in float32 where memory allows")
        : good("products", found);
  }

  private static double rate(DType type) {
    try (var _ = Scope.open();
        var _ = Torch.inference()) {
      var random = new Random(1);
      var matrix = new Linear(Tensor.gaussian(random, WIDTH, WIDTH).to(type), Optional.empty());
      var x = Tensor.gaussian(random, ROWS, WIDTH);
      return SpeedProbe.rate(matrix, x);
    }
  }

  private static Finding cache() {
    try {
      Path folder = UserCache.folder();
      return Files.isWritable(folder)
          ? good("cache", folder.toString())
          : broken(
              "cache", folder + " cannot be written", "set XDG_CACHE_HOME to a folder of yours");
    } catch (UncheckedIOException e) {
      return broken(
          "cache", String.valueOf(e.getMessage()), "set XDG_CACHE_HOME to a folder of yours");
    }
  }

  private static Finding hub() {
    try {
      var settings = HubSettings.ofEnvironment();
      return good(
          "hub",
          settings.cache().root()
              + (settings.access() == HubSettings.Access.OFFLINE ? ", offline" : "")
              + (settings.token().isPresent() ? ", with a token" : ", without a token"));
    } catch (IOException e) {
      return broken("hub", String.valueOf(e.getMessage()), "mend the variable or file it names");
    }
  }

  private static Finding text() {
    String charset = System.getProperty("native.encoding", "");
    return charset.equalsIgnoreCase(StandardCharsets.UTF_8.name())
        ? good("text", charset)
        : better(
            "text",
            charset,
            "set LC_ALL=C.UTF-8: prompts on the command line are else not what was typed");
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GB", bytes / GIGA);
  }

  private static Finding good(String subject, String found) {
    return new Finding(subject, State.GOOD, found, Optional.empty());
  }

  private static Finding better(String subject, String found, String advice) {
    return new Finding(subject, State.COULD_BE_BETTER, found, Optional.of(advice));
  }

  private static Finding broken(String subject, String found, String advice) {
    return new Finding(subject, State.BROKEN, found, Optional.of(advice));
  }
}
