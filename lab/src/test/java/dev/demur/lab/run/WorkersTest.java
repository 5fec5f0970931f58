package dev.demur.lab.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.model.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated // the number of threads an operation has is the process's
class WorkersTest {

  private final int before = Torch.threads();

  @BeforeEach
  void giveAnOperationTwoThreads() {
    Torch.threads(2);
  }

  @AfterEach
  void giveThemBack() {
    Torch.threads(before);
  }

  @Test
  void withoutWorkersTheCallerDoesItAllWhole() {
    assertThat(Workers.parts(List.of(1, 2, 3))).containsExactly(List.of(1, 2, 3));
    assertThat(Workers.each(List.of(1, 2, 3), _ -> Thread.currentThread()))
        .containsOnly(Thread.currentThread());
    try (var _ = Workers.none()) {
      assertThat(Torch.threads()).isEqualTo(2);
      assertThat(Workers.parts(List.of(1, 2))).hasSize(1);
    }
  }

  @Test
  void piecesRunBesideEachOtherAndComeBackInOrder() {
    try (var _ = Workers.hire()) {
      var together = new CountDownLatch(2);
      var seen =
          Workers.each(
              List.of("a", "b"),
              piece -> {
                together.countDown();
                await(together); // neither ends before the other has begun
                return piece + Torch.threads();
              });
      assertThat(seen).containsExactly("a1", "b1");
      var many = IntStream.range(0, 100).boxed().toList();
      assertThat(Workers.each(many, i -> i)).isEqualTo(many);
    }
    assertThat(Torch.threads()).isEqualTo(2);
    assertThat(Workers.parts(List.of(1, 2))).hasSize(1);
  }

  @Test
  void theirNumberDoesNotDecideWhatThePartsAre() {
    for (int threads : List.of(1, 2, 3)) {
      Torch.threads(threads);
      try (var _ = Workers.hire()) {
        assertThat(Workers.parts(List.of(1, 2, 3))).containsExactly(List.of(1, 2), List.of(3));
        assertThat(Workers.parts(List.of(1))).containsExactly(List.of(1));
      }
      assertThat(Torch.threads()).isEqualTo(threads);
    }
  }

  @Test
  void aPieceOfAPieceIsDoneByWhoeverHasThePiece() {
    try (var _ = Workers.hire()) {
      var inside =
          Workers.each(
              List.of(1, 2),
              _ -> {
                var here = Thread.currentThread();
                return Workers.each(List.of(1, 2, 3), _ -> Thread.currentThread() == here);
              });
      assertThat(inside).containsOnly(List.of(true, true, true));
    }
  }

  @Test
  void whatAPieceThrowsEndsTheWork() {
    Torch.threads(1); // so that pieces run one after the other
    Set<Integer> done = ConcurrentHashMap.newKeySet();
    try (var _ = Workers.hire()) {
      assertThatThrownBy(
              () ->
                  Workers.each(
                      List.of(1, 2, 3),
                      piece -> {
                        if (piece == 2) {
                          throw new IllegalStateException("of the second");
                        }
                        return done.add(piece);
                      }))
          .hasMessage("of the second");
    }
    assertThat(done).containsExactly(1);
  }

  @Test
  void anotherThreadsWorkIsNotTheirs() throws InterruptedException {
    try (var _ = Workers.hire()) {
      var seen = new ArrayList<List<List<Integer>>>();
      Thread.ofPlatform().start(() -> seen.add(Workers.parts(List.of(1, 2)))).join();
      assertThat(seen).containsExactly(List.of(List.of(1, 2)));
    }
  }

  @Test
  void theyAreHiredOnceAtATime() {
    try (var _ = Workers.hire()) {
      assertThatThrownBy(Workers::hire).hasMessageContaining("once at a time");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
