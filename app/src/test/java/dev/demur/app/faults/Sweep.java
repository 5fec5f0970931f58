package dev.demur.app.faults;

import dev.demur.app.Cli;
import dev.demur.app.cli.ExitCode;
import dev.demur.app.faults.Faults.Kind;
import dev.demur.lab.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.commons.rng.sampling.ListSampler;

/// Lets one operation after the other of a command fail, in this process, which must have been
/// started on the [FailingDisk]. The law: *the right result or one clear line, nothing lost, and a
/// later run succeeds*.
///
/// Arguments: the folder, how many faults for each command, the seed, the commands.
public final class Sweep {

  private static final Pattern REMEDY =
      Pattern.compile("demur: (?:altered: )?(/\\S+?)[:;] .*delete it.*");

  /// As many as a message may ask to be deleted, one after another.
  private static final int REMEDIES = 4;

  private final Path folder;
  private final Path out;
  private final Path before;
  private final Work work;
  private final Map<String, String> inputs;
  private final List<String> broken = new ArrayList<>();
  private Map<String, String> expected = Map.of();
  private String printed = "";
  private int right;
  private int refused;
  private int remedied;

  private Sweep(Path folder, Work work) throws IOException {
    this.folder = folder;
    this.out = folder.resolve("out");
    this.before = folder.resolve("before");
    this.work = work;
    this.inputs = Results.of(folder.resolve("in"));
  }

  /// One fault.
  private record Case(Start start, long at, Kind kind) {}

  /// What is there before.
  private enum Start {
    NOTHING,
    EARLIER_RESULTS
  }

  public static void main(String[] args) throws IOException {
    if (!FailingSystem.isInUse()) {
      throw new IllegalStateException("start with the file system that fails");
    }
    Path folder = Path.of(args[0]).toRealPath();
    int faults = Integer.parseInt(args[1]);
    long seed = Long.parseLong(args[2]);
    Inputs.make(folder);
    for (var name : List.of(args).subList(3, args.length)) {
      long started = System.nanoTime();
      var sweep = new Sweep(folder, Work.named(name, folder));
      try {
        sweep.sweep(faults, seed);
      } catch (IllegalStateException e) {
        System.out.println("BROKEN\t" + e.getMessage().strip().replace('\n', '|'));
      }
      System.out.printf(
          "SWEPT\t%s\t%.1f s%n", sweep.summary(), (System.nanoTime() - started) / 1e9);
    }
    System.exit(0);
  }

  private void sweep(int faults, long seed) throws IOException {
    var cases = new ArrayList<Case>();
    count(Start.NOTHING, cases);
    Results.copy(out, before);
    if (work.again() != Work.Again.REFUSES) {
      count(Start.EARLIER_RESULTS, cases);
    }
    ListSampler.shuffle(new Seeds(seed).generator("faults of " + work.name()), cases);
    for (int i = 0; i < faults; i++) {
      check(cases.get(i % cases.size()));
    }
  }

  /// Runs it undisturbed and adds a case for every operation; what it leaves where nothing was is
  /// what is expected.
  private void count(Start start, List<Case> cases) throws IOException {
    begin(start);
    Faults.arm(folder, 0, Kind.ONCE);
    var undisturbed = work.run();
    long operations = Faults.disarm();
    if (undisturbed.code() != 0) {
      throw new IllegalStateException(work.name() + ": " + undisturbed.err());
    }
    if (start == Start.NOTHING) {
      expected = Results.of(out);
      printed = printed(undisturbed);
    }
    System.out.println("COUNT\t" + work.name() + "\t" + start + "\t" + operations);
    for (long at = 1; at <= operations; at++) {
      cases.add(new Case(start, at, Kind.ONCE));
      cases.add(new Case(start, at, Kind.FROM_THEN_ON));
      cases.add(new Case(start, at, Kind.HALF));
    }
  }

  private void begin(Start start) throws IOException {
    switch (start) {
      case NOTHING -> {
        Results.delete(out);
        Files.createDirectory(out);
      }
      case EARLIER_RESULTS -> Results.copy(before, out);
    }
  }

  private void check(Case disturbed) throws IOException {
    begin(disturbed.start());
    Faults.arm(folder, disturbed.at(), disturbed.kind());
    Cli.Outcome outcome;
    try {
      outcome = work.run();
    } finally {
      Faults.disarm();
    }
    String where = disturbed + ", " + Faults.hit();
    var found = Results.of(out);
    switch (outcome.code()) {
      case ExitCode.OK -> {
        right++;
        same(where + ": exit code 0", found);
        require(where, printed(outcome).equals(printed), "printed " + outcome.out());
      }
      case ExitCode.BAD_INPUT -> {
        refused++;
        var lines = outcome.messages();
        require(
            where,
            !lines.isEmpty()
                && lines.getLast().matches("demur: .+ .+")
                && outcome.err().length() < 4000,
            "no clear line: " + outcome.err());
        require(where, !outcome.err().contains("\tat "), "a stack trace: " + outcome.err());
      }
      default -> require(where, false, "exit code " + outcome.code() + ": " + outcome.err());
    }
    for (var result : found.entrySet()) {
      require(
          where,
          result.getValue().equals(expected.get(result.getKey())),
          "is there and not whole: " + result.getKey());
    }
    if (disturbed.kind() != Kind.FROM_THEN_ON && !Faults.hit().startsWith("DELETE")) {
      require(where, Results.parts(out).isEmpty(), "left behind " + Results.parts(out));
    }
    later(where);
    require(where, Results.of(folder.resolve("in")).equals(inputs), "inputs were changed");
  }

  /// The same command again, on a disk that works; what it asks to be deleted is.
  private void later(String where) throws IOException {
    var outcome = work.run();
    for (int i = 0; i < REMEDIES && outcome.code() == ExitCode.BAD_INPUT; i++) {
      var asked = REMEDY.matcher(outcome.messages().isEmpty() ? "" : outcome.messages().getLast());
      if (!asked.matches()) {
        if (work.again() == Work.Again.REFUSES && outcome.err().contains("exists already")) {
          same(where + ": later", Results.of(out));
          return;
        }
        break;
      }
      remedied++;
      Results.delete(Path.of(asked.group(1)));
      outcome = work.run();
    }
    require(where, outcome.code() == 0, "a later run ends with " + outcome.err());
    if (outcome.code() == 0) {
      same(where + ": later", Results.of(out));
    }
  }

  private void same(String where, Map<String, String> found) {
    var names = new java.util.TreeSet<>(expected.keySet());
    names.addAll(found.keySet());
    names.removeIf(name -> expected.getOrDefault(name, "").equals(found.getOrDefault(name, "")));
    require(where, names.isEmpty(), "other results than undisturbed: " + names);
  }

  /// What a program reads from standard output; empty where it is for people.
  private static String printed(Cli.Outcome outcome) {
    return outcome.out().startsWith("{") ? outcome.out() : "";
  }

  private void require(String where, boolean holds, String what) {
    if (!holds) {
      String line = work.name() + ": " + where + ": " + what.strip().replace('\n', '|');
      broken.add(line);
      System.out.println("BROKEN\t" + line);
    }
  }

  private String summary() {
    return String.join(
        "\t",
        List.of(
            work.name(),
            (right + refused) + " faults",
            right + " right",
            refused + " one line",
            remedied + " deleted as told",
            broken.size() + " broken"));
  }
}
