package dev.demur.app.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/// D5, D6: commands on a disk whose n-th operation fails. `-Ddemur.faults=1000` makes as many
/// faults for each command, `-Ddemur.faults.of=study,edit` names the commands.
@Order(1) // the slowest begin first
@ResourceLock(value = Resources.SYSTEM_OUT, mode = ResourceAccessMode.READ)
@DisabledOnOs(OS.WINDOWS) // the paths of messages are told apart by their slashes
class FaultsTest {

  /// In every build.
  private static final int FEW = 2;

  /// Too slow for every build: the demo model, or a vocabulary that is learnt anew.
  private static final List<String> SLOW = List.of("study-demo", "toy export", "toy train");

  @TempDir private Path folder;

  @Test
  void aFaultEndsInTheRightResultOrInOneLineAndALaterRunSucceeds() throws Exception {
    int faults = Integer.getInteger("demur.faults", FEW);
    var words = new ArrayList<String>();
    words.addAll(List.of(folder.toString(), String.valueOf(faults)));
    words.add(String.valueOf(Long.getLong("tests.seed", 1)));
    words.addAll(names(faults));
    var broken = new ArrayList<String>();
    var swept = new ArrayList<String>();
    var last = new AtomicReference<>("");
    try (var peers = new Peers()) {
      var process = FailingJvm.start(Sweep.class, peers.environment(folder), words);
      process.getOutputStream().close();
      try (var lines = process.inputReader()) {
        lines
            .lines()
            .forEach(
                line -> {
                  if (line.startsWith("SWEPT")) {
                    swept.add(line);
                    System.out.println(line);
                  } else if (line.startsWith("BROKEN")) {
                    broken.add(line);
                    System.out.println(line);
                  }
                  last.set(line);
                });
      }
      assertThat(process.waitFor()).as(last.get()).isZero();
    }
    assertThat(broken).isEmpty();
    assertThat(swept).hasSize(names(faults).size());
  }

  private List<String> names(int faults) {
    String chosen = System.getProperty("demur.faults.of", "");
    if (!chosen.isEmpty()) {
      return List.of(chosen.split(","));
    }
    return Work.in(folder).stream()
        .map(Work::name)
        .filter(name -> faults > FEW || !SLOW.contains(name))
        .toList();
  }
}
