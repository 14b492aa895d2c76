package io.cotidal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.model.Details;
import io.cotidal.model.Lock;
import io.cotidal.model.OperationState;
import io.cotidal.model.WhenUnknown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.CharRange;

class CodecTest {
  @Property(tries = 500)
  void detailsReturnWhateverTheyHold(@ForAll("anyEntries") Map<String, String> entries) {
    Details details = wellFormed(entries);
    String text = Codec.details(details);
    assertThat(Codec.details(text)).isEqualTo(details);
    assertThat(text.chars()).allMatch(c -> c >= ' ' && c < 128);
  }

  @Property(tries = 200)
  void theSameDetailsAreTheSameText(@ForAll Map<String, String> entries) {
    List<String> names = new ArrayList<>(entries.keySet());
    Collections.reverse(names);
    Map<String, String> reversed = new LinkedHashMap<>();
    names.forEach(name -> reversed.put(name, entries.get(name)));
    assertThat(Codec.details(Details.copyOf(reversed)))
        .isEqualTo(Codec.details(Details.copyOf(entries)));
  }

  @Property(tries = 500)
  void whateverDetailsHoldTheyCanBeReadBack(@ForAll("anyEntries") Map<String, String> entries) {
    assertThat(Codec.details(Codec.details(Details.copyOf(entries))))
        .isEqualTo(wellFormed(entries));
  }

  @Provide
  Arbitrary<Map<String, String>> anyEntries() {
    Arbitrary<String> texts =
        Arbitraries.strings().withChars("a\"\\\u0000\u007f\u2028\u00e9\ud800\udc00").ofMaxLength(6);
    return Arbitraries.maps(texts, texts).ofMaxSize(2);
  }

  private static Details wellFormed(Map<String, String> entries) {
    TreeMap<String, String> clean = new TreeMap<>();
    new TreeMap<>(entries)
        .forEach((name, text) -> clean.put(Codec.wellFormed(name), Codec.wellFormed(text)));
    return new Details(clean);
  }

  @Property(tries = 200)
  void textsReturn(@ForAll Set<@CharRange(from = ' ', to = 'z') String> texts) {
    assertThat(Codec.texts(Codec.texts(texts))).isEqualTo(texts);
  }

  @Property(tries = 200)
  void locksReturnInOrder(@ForAll("locks") List<Lock> locks) {
    assertThat(Codec.locks(Codec.locks(locks))).isEqualTo(locks);
  }

  @Provide
  Arbitrary<List<Lock>> locks() {
    return Combinators.combine(Arbitraries.strings().ascii(), Arbitraries.of(true, false))
        .as(Lock::new)
        .list()
        .ofMaxSize(5);
  }

  @Property(tries = 200)
  void answersReturn(@ForAll("answers") WhenUnknown answer) {
    assertThat(Codec.whenUnknown(Codec.whenUnknown(answer))).isEqualTo(answer);
  }

  @Provide
  Arbitrary<WhenUnknown> answers() {
    return Arbitraries.oneOf(
        Arbitraries.longs().map(nanos -> new WhenUnknown.RetryFor(Duration.ofNanos(nanos))),
        Arbitraries.of(new WhenUnknown.Fail(), new WhenUnknown.Attention()));
  }

  @Property(tries = 500)
  void sentencesKeepAllThatADatabaseTakes(@ForAll String text) {
    String clean = Codec.sentence(text);
    assertThat(clean).doesNotContain("\u0000");
    assertThat(Codec.sentence(clean)).isEqualTo(clean);
    assertThat(clean.codePointCount(0, clean.length()))
        .isEqualTo(text.codePointCount(0, text.length()));
  }

  @Example
  void wordsOfANewerBuildAreNamed() {
    assertThat(Codec.word(OperationState.class, Codec.word(OperationState.CANCELLING)))
        .isEqualTo(OperationState.CANCELLING);
    assertThatThrownBy(() -> Codec.word(OperationState.class, "paused"))
        .hasMessage("unknown word 'paused' for OperationState; a newer Cotidal wrote it");
    assertThatThrownBy(() -> Codec.whenUnknown("shrug")).isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> Codec.details("[]")).isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> Codec.details("{\"a\":")).isInstanceOf(StoreException.class);
  }
}
