package dev.demur.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.model.tensor.Torch;
import dev.demur.serve.answer.Passes;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class PassesTest {

  @Test
  void aPassOfARequestHasAPlatformThread() throws Exception {
    try (var requests = Executors.newVirtualThreadPerTaskExecutor()) {
      var asked = requests.submit(() -> Passes.of(() -> Thread.currentThread().isVirtual()));
      assertThat(asked.get()).isFalse();
      var alone = requests.submit(() -> Torch.inference());
      assertThatThrownBy(alone::get)
          .isInstanceOf(ExecutionException.class)
          .hasMessageContaining("a pass needs a platform thread");
    }
  }

  @Test
  void whatAPassThrowsComesThrough() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                Passes.of(
                    () -> {
                      throw new IllegalStateException("no");
                    }))
        .withMessage("no");
  }
}
