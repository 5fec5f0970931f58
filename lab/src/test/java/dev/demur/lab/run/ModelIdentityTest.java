package dev.demur.lab.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.Checkpoints;
import dev.demur.model.ChatModel;
import dev.demur.model.DTypeChoice;
import dev.demur.model.DeviceChoice;
import dev.demur.model.text.TemplateOptions;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelIdentityTest {

  @Test
  void aModelThatIsAskedInAnotherWayIsAnother() throws IOException {
    var folder = Checkpoints.named("qwen2-untied").toString();
    try (var model = ChatModel.load(folder, DTypeChoice.F32, DeviceChoice.HOST)) {
      var plain = ModelIdentity.of(model);
      assertThat(plain.prompting()).as("special tokens are no change").isEmpty();
      var format = model.prompts();
      for (var other :
          List.of(
              format.withOpening("<think>\n\n</think>\n\n"),
              format.withSystem("Be brief."),
              format.with(TemplateOptions.none().with("enable_thinking", false)))) {
        assertThat(ModelIdentity.of(model.withPrompts(other))).isNotEqualTo(plain);
      }
    }
  }
}
