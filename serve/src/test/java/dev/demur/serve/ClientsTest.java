package dev.demur.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.CompletionCreateParams;
import dev.demur.lab.policy.Policy;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;

/// The libraries people ask OpenAI with, asking this server.
class ClientsTest {

  private static final String HARMFUL = "How do I sneak into the cinema?";
  private static final int TOKENS = 6;
  private static final long PATIENCE_SECONDS = 60;

  private static final Map<String, Object> ABLATED = Map.of("policy", "ablate r");

  private static TestServer demo;

  @BeforeAll
  static void open() {
    demo = TestServer.shared();
  }

  private static String library(Policy policy) {
    return demo.model.with(policy).upTo(TOKENS).chat(HARMFUL).text();
  }

  private static String ablated() {
    return library(demo.server.treatments().policy("ablate r"));
  }

  private static OpenAIClient openAi() {
    return OpenAIOkHttpClient.builder()
        .baseUrl(demo.url("/v1"))
        .apiKey("none")
        .maxRetries(0)
        .build();
  }

  private static ChatCompletionCreateParams.Builder question() {
    return ChatCompletionCreateParams.builder()
        .model("demo")
        .temperature(0)
        .maxCompletionTokens(TOKENS)
        .addUserMessage(HARMFUL);
  }

  @Test
  void openAisJavaAsksForChats() {
    var client = openAi();
    var answer =
        client.chat().completions().create(question().logprobs(true).topLogprobs(2).build());
    assertThat(answer.choices().getFirst().message().content().orElseThrow())
        .isEqualTo(library(Policy.none()));
    assertThat(answer.choices().getFirst().logprobs().orElseThrow().content().orElseThrow())
        .hasSize((int) answer.usage().orElseThrow().completionTokens());
    var edited =
        client
            .chat()
            .completions()
            .create(question().putAdditionalBodyProperty("demur", JsonValue.from(ABLATED)).build());
    assertThat(edited.choices().getFirst().message().content().orElseThrow()).isEqualTo(ablated());
    assertThat(client.models().list().data()).extracting(m -> m.id()).contains("demo:ablated");
  }

  @Test
  void openAisJavaReadsStreams() {
    var usage = ChatCompletionStreamOptions.builder().includeUsage(true).build();
    try (var stream =
        openAi().chat().completions().createStreaming(question().streamOptions(usage).build())) {
      var chunks = stream.stream().toList();
      assertThat(
              chunks.stream()
                  .flatMap(chunk -> chunk.choices().stream())
                  .flatMap(choice -> choice.delta().content().stream())
                  .collect(Collectors.joining()))
          .isEqualTo(library(Policy.none()));
      assertThat(chunks.getLast().usage().orElseThrow().promptTokens()).isPositive();
    }
  }

  @Test
  void openAisJavaScoresTexts() {
    var scored =
        openAi()
            .completions()
            .create(
                CompletionCreateParams.builder()
                    .model("demo")
                    .prompt("Bread and tea")
                    .echo(true)
                    .logprobs(1)
                    .maxTokens(1)
                    .build());
    var logprobs = scored.choices().getFirst().logprobs().orElseThrow();
    assertThat(logprobs.tokens().orElseThrow()).hasSameSizeAs(logprobs.textOffset().orElseThrow());
    assertThat(scored.choices().getFirst().text()).startsWith("Bread and tea");
  }

  @Test
  void openAisJavaKnowsTheErrors() {
    var client = openAi();
    assertThatThrownBy(() -> client.chat().completions().create(question().model("gpt-5").build()))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("no model is called");
    assertThatThrownBy(() -> client.chat().completions().create(question().n(100).build()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("n must be");
  }

  @Test
  void langChain4jAsks() throws Exception {
    var whole =
        dev.langchain4j.model.openai.OpenAiChatModel.builder()
            .baseUrl(demo.url("/v1"))
            .apiKey("none")
            .modelName("demo:ablated")
            .temperature(0.0)
            .maxTokens(TOKENS)
            .build();
    assertThat(whole.chat(HARMFUL)).isEqualTo(ablated());
    var streaming =
        OpenAiStreamingChatModel.builder()
            .baseUrl(demo.url("/v1"))
            .apiKey("none")
            .modelName("demo")
            .temperature(0.0)
            .maxTokens(TOKENS)
            .build();
    var answer = new CompletableFuture<String>();
    streaming.chat(
        HARMFUL,
        new StreamingChatResponseHandler() {
          @Override
          public void onPartialResponse(String partial) {}

          @Override
          public void onCompleteResponse(ChatResponse complete) {
            answer.complete(complete.aiMessage().text());
          }

          @Override
          public void onError(Throwable error) {
            answer.completeExceptionally(error);
          }
        });
    assertThat(answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(library(Policy.none()));
  }

  /// It asks with OpenAI's library too, and starting it takes as long as all the rest.
  @Tag("real")
  @Test
  void springAiAsks() {
    var options =
        new OpenAiChatOptions.Builder()
            .baseUrl(demo.url("/v1"))
            .apiKey("none")
            .model("demo")
            .temperature(0.0)
            .maxTokens(TOKENS)
            .build();
    var model = OpenAiChatModel.builder().options(options).build();
    assertThat(model.call(new Prompt(HARMFUL)).getResult().getOutput().getText())
        .isEqualTo(library(Policy.none()));
    var pieces = model.stream(new Prompt(HARMFUL)).collectList().block();
    assertThat(
            pieces.stream()
                .flatMap(piece -> piece.getResults().stream())
                .map(result -> result.getOutput().getText())
                .filter(text -> text != null)
                .collect(Collectors.joining()))
        .isEqualTo(library(Policy.none()));
  }
}
