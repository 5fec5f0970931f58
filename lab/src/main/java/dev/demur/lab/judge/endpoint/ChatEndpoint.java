package dev.demur.lab.judge.endpoint;

import dev.demur.lab.judge.guard.GuardModel;
import dev.demur.lab.judge.guard.GuardPrompt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import tools.jackson.databind.json.JsonMapper;

/// An OpenAI-compatible endpoint that answers guard prompts, each once: answers are kept on disk.
///
/// Requests are sent at temperature 0. A request that fails with 408, 409, 425, 429, a 5xx or a
/// broken connection is tried again, after the wait the server asks for or a doubling one; one that
/// is not answered in whole within its time is tried once more. Any other failure stops the run, an
/// answer of more than 4 MiB too. What was answered until then is in the cache.
public final class ChatEndpoint implements GuardModel {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int CHARACTERS_PER_TOKEN = 4; // English prose; for an estimate only

  private final EndpointConfig config;
  private final AnswerCache cache;
  private final EndpointCall call;

  private ChatEndpoint(EndpointConfig config, AnswerCache cache, EndpointCall call) {
    this.config = config;
    this.cache = cache;
    this.call = call;
  }

  /// An endpoint with its key from the environment.
  ///
  /// @param cacheFolder where answers are kept
  /// @throws IllegalArgumentException if the key's variable is not set
  public static ChatEndpoint open(EndpointConfig config, Path cacheFolder) {
    return open(config, cacheFolder, name -> System.getenv().getOrDefault(name, ""));
  }

  /// The same with an environment of the caller's, for tests.
  static ChatEndpoint open(
      EndpointConfig config, Path cacheFolder, UnaryOperator<String> environment) {
    String key = config.keyVariable().isEmpty() ? "" : environment.apply(config.keyVariable());
    if (key.isBlank() && !config.keyVariable().isEmpty()) {
      throw new IllegalArgumentException(
          "set the environment variable "
              + config.keyVariable()
              + " to the key of "
              + config.base());
    }
    var client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER) // the key goes to no other host
            .connectTimeout(config.timeout())
            .build();
    return new ChatEndpoint(
        config, new AnswerCache(cacheFolder), new EndpointCall(config, client, key));
  }

  /// What asking all this would take; sends nothing.
  public CostEstimate estimate(List<GuardPrompt> prompts, int maxTokens) {
    int cached = 0;
    long characters = 0;
    for (var prompt : prompts) {
      String request = request(prompt, maxTokens);
      if (cache.has(key(request))) {
        cached++;
      } else {
        characters += request.length();
      }
    }
    int requests = prompts.size() - cached;
    return new CostEstimate(
        requests, cached, characters / CHARACTERS_PER_TOKEN, (long) requests * maxTokens);
  }

  @Override
  public String identity() {
    return config.model() + " at " + config.base();
  }

  /// Enough to keep every connection busy.
  @Override
  public int batch() {
    return 4 * config.parallel();
  }

  @Override
  public List<String> generate(List<GuardPrompt> prompts, int maxTokens) {
    var tasks = new ArrayList<Callable<String>>();
    for (var prompt : prompts) {
      String request = request(prompt, maxTokens);
      tasks.add(() -> answer(request));
    }
    var threads = Executors.newFixedThreadPool(config.parallel(), Thread.ofVirtual().factory());
    try {
      var pending = new ArrayList<Future<String>>();
      for (var task : tasks) {
        pending.add(threads.submit(task));
      }
      var answers = new ArrayList<String>();
      for (var future : pending) {
        answers.add(future.get());
      }
      return answers;
    } catch (ExecutionException e) {
      throw failure(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted; answers so far are kept", e));
    } finally {
      threads.shutdownNow();
      threads.close();
    }
  }

  /// Not to be had here.
  ///
  /// @throws IllegalArgumentException always: endpoints give text
  @Override
  public List<List<Double>> nextTokenLogits(List<GuardPrompt> prompts, List<String> tokens) {
    throw new IllegalArgumentException(
        "an endpoint gives text, not logits; use a judge that reads words");
  }

  private static RuntimeException failure(ExecutionException e) {
    return switch (e.getCause()) {
      case IOException io -> new UncheckedIOException(io);
      case RuntimeException runtime -> runtime;
      case null, default -> new IllegalStateException("asking the endpoint failed", e);
    };
  }

  private String answer(String request) throws IOException, InterruptedException {
    String key = key(request);
    var known = cache.get(key);
    if (known.isPresent()) {
      return known.get();
    }
    String answer = call.send(request);
    cache.put(key, answer);
    return answer;
  }

  private String key(String request) {
    return AnswerCache.key(config.completions().toString(), request);
  }

  private String request(GuardPrompt prompt, int maxTokens) {
    return switch (prompt) {
      case GuardPrompt.Text _ ->
          throw new IllegalArgumentException(
              "an endpoint takes messages, not raw text; use a judge described by messages");
      case GuardPrompt.Chat(var messages, _) -> {
        var root = JSON.createObjectNode().put("model", config.model());
        var list = root.putArray("messages");
        for (var message : messages) {
          list.addObject().put("role", message.role()).put("content", message.content());
        }
        yield JSON.writeValueAsString(
            root.put("temperature", 0).put("max_tokens", maxTokens).put("stream", false));
      }
    };
  }
}
