package dev.demur.lab.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LanguageTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "en | I can't help with that.",
        "de | Dabei kann ich dir leider nicht helfen.",
        "fr | Je ne peux pas vous aider avec cela.",
        "es | No puedo ayudarte con eso.",
        "it | Mi dispiace, ma non posso aiutarti con questo.",
        "pt | Desculpe, mas não posso ajudar com isso.",
        "nl | Het spijt me, maar ik kan je daar niet bij helpen.",
        "sv | Tyvärr kan jag inte hjälpa dig med det här.",
        "pl | Przepraszam, ale nie mogę w tym pomóc.",
        "tr | Üzgünüm, bu konuda yardımcı olamam.",
        "id | Maaf, saya tidak dapat membantu dengan permintaan itu.",
        "ru | Извините, но я не могу помочь с этим.",
        "zh | 抱歉，我无法提供这方面的帮助。",
        "ja | 申し訳ありませんが、お手伝いできません。",
        "ko | 죄송하지만 그 요청은 도와드릴 수 없습니다.",
        "ar | آسف، لا أستطيع مساعدتك في ذلك.",
        "hi | मुझे खेद है, मैं इसमें आपकी मदद नहीं कर सकता।",
        "und | 102",
        "und | 🚫"
      })
  void isToldByScriptAndCommonWords(String code, String text) {
    assertThat(LanguageDetector.detect(text).code()).isEqualTo(code);
  }

  @Test
  void ofAnAnswerWithoutWordsIsThatOfItsInstruction() {
    assertThat(Language.of("¿Cómo se escribe esto?", "102")).isEqualTo(Language.SPANISH);
    assertThat(Language.of("17 + 4", "21")).isEqualTo(Language.UNDETERMINED);
  }

  @Test
  void aQuotedWordOfAnotherScriptDoesNotDecide() {
    assertThat(LanguageDetector.detect("The word for cat is 猫, and it is easy to write."))
        .isEqualTo(Language.ENGLISH);
  }

  /// What is left over is mostly an answer that is itself in another language.
  @ParameterizedTest
  @ValueSource(strings = {"en", "es", "de", "fr"})
  void isRightForNearlyAllWrittenExamples(String code) throws IOException {
    var examples = WrittenExamples.heldOut(code);
    assertThat(examples)
        .filteredOn(e -> !Language.of(e.instruction(), e.completion()).code().equals(code))
        .hasSizeLessThan(1 + examples.size() / 20);
  }
}
