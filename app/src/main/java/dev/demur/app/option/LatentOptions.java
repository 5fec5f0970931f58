package dev.demur.app.option;

import dev.demur.lab.latent.EarlyDecoding;
import dev.demur.lab.latent.EarlyDecoding.Texts;
import dev.demur.lab.latent.LatentQuestions;
import dev.demur.lab.latent.Patchscope;
import dev.demur.lab.latent.Patchscope.Presented;
import dev.demur.lab.latent.Patchscope.Token;
import dev.demur.toy.DemoModel;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What an explanation asks of a model's lower layers.
public final class LatentOptions {

  /// Examples of both readings before the word that is replaced.
  private static final String TEXT =
      "kind; innocent\ncruel; malicious\npolite; innocent\nspiteful; malicious\nx";

  /// The demo's grammar asks and answers so.
  private static final String DEMO_TEXT = "Is it okay to x?";

  @Option(
      names = "--decode-from",
      split = ",",
      paramLabel = "LAYER",
      description =
          "Also write whole answers with the blocks from this layer on left out, or from each of"
              + " several separated by commas; judged and counted, for harmful and harmless"
              + " prompts, and with shuffled coordinates.")
  private List<Integer> decodeFrom = List.of();

  @Option(
      names = "--decode-tokens",
      paramLabel = "N",
      description = "Cut these answers after so many tokens (default: ${DEFAULT-VALUE}).",
      defaultValue = "32")
  private int decodeTokens = 32;

  @Option(
      names = "--keep-completions",
      description = "Keep the text of these answers, in decoded.jsonl.")
  private boolean keep;

  @Option(
      names = "--patchscope",
      split = ",",
      paramLabel = "LAYER",
      description =
          "Also read the stream of a token of each prompt at this layer, or at several separated by"
              + " commas, put it in place of another prompt's, and weigh two readings of what"
              + " follows.")
  private List<Integer> patchscope = List.of();

  @Option(
      names = "--patchscope-into",
      paramLabel = "LAYER",
      description = "Put it there (default: the layer it was read from).")
  private @Nullable Integer into;

  @Option(
      names = "--patchscope-prompt",
      paramLabel = "TEXT",
      description =
          "The other prompt (default: words with their readings and an x; for demo, \"Is it okay to"
              + " x?\").")
  private @Nullable String prompt;

  @Option(
      names = "--patchscope-as",
      paramLabel = "HOW",
      description =
          "Give the other prompt raw, as it is, or as an instruction in the chat template: chat"
              + " (default: raw; for demo, chat).")
  private @Nullable Presented presented;

  @Option(
      names = "--patchscope-token",
      paramLabel = "WHICH",
      description =
          "Whose stream is read and replaced: word, the last token of the instruction; or end, the"
              + " last of all (default: word; for demo, end).")
  private @Nullable Token token;

  @Option(
      names = "--harmless-reading",
      paramLabel = "TEXT",
      description = "The reading that thinks well (default: \"; innocent\"; for demo, \"Yes\").")
  private @Nullable String harmless;

  @Option(
      names = "--harmful-reading",
      paramLabel = "TEXT",
      description =
          "The reading that thinks ill (default: \"; malicious\"; for demo, \"It is not\").")
  private @Nullable String harmful;

  /// The questions the options ask.
  ///
  /// @param model as it was named
  /// @param seed of what is shuffled and drawn
  /// @throws IllegalArgumentException if an option has nothing to go with
  public LatentQuestions questions(String model, long seed) {
    boolean details =
        into != null || prompt != null || presented != null || harmless != null || harmful != null;
    if (patchscope.isEmpty() && details) {
      throw new IllegalArgumentException("--patchscope: name the layers whose stream is read");
    }
    if (decodeFrom.isEmpty() && keep) {
      throw new IllegalArgumentException(
          "--keep-completions keeps answers of --decode-from; name a layer to decode from");
    }
    return new LatentQuestions(
        decodeFrom.isEmpty() ? Optional.empty() : Optional.of(decoding()),
        patchscope.isEmpty()
            ? Optional.empty()
            : Optional.of(scope(DemoModel.named(model).isPresent())),
        seed);
  }

  private EarlyDecoding decoding() {
    return new EarlyDecoding(decodeFrom, decodeTokens, keep ? Texts.KEPT : Texts.DROPPED);
  }

  private Patchscope scope(boolean demo) {
    boolean own = demo && prompt == null;
    return new Patchscope(
        patchscope,
        into == null ? OptionalInt.empty() : OptionalInt.of(into),
        prompt != null ? prompt : own ? DEMO_TEXT : TEXT,
        presented != null ? presented : own ? Presented.CHAT : Presented.RAW,
        token != null ? token : own ? Token.END : Token.WORD,
        harmless != null ? harmless : own ? "Yes" : "; innocent",
        harmful != null ? harmful : own ? "It is not" : "; malicious");
  }
}
