package org.fapipack.testkit.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.fapipack.testkit.http.Form;
import org.junit.jupiter.api.Test;

class HtmlFormTest {

    @Test
    void readsActionHiddenFieldsAndNames() {
        List<HtmlForm> forms = HtmlForm.allIn("""
                <form id="f" action="https://as.example.test/login?a=1&amp;b=2" method="post">
                  <input type="text" name="username" value="x"/>
                  <input name='code' type='hidden' value="&quot;1&quot;">
                  <button type="submit" name="accept">Yes</button>
                  <input type="submit" value="nameless">
                </form>
                <form>no action</form>
                """);

        assertThat(forms).hasSize(1);
        assertThat(forms.get(0).action()).isEqualTo("https://as.example.test/login?a=1&b=2");
        assertThat(forms.get(0).hidden()).isEqualTo(Form.of("code", "\"1\""));
        assertThat(forms.get(0).has("username")).isTrue();
        assertThat(forms.get(0).has("accept")).isTrue();
        assertThat(forms.get(0).has("password")).isFalse();
    }

    @Test
    void givesThePagesWordsOnly() {
        String html =
                "<html><head><title>no</title></head><body><script>no()</script><p>Wrong &amp; &#39;late&#x27;</p></body>";

        assertThat(HtmlForm.text(html)).isEqualTo("Wrong & 'late'");
    }

    @Test
    void doesNotUnescapeTwice() {
        assertThat(HtmlForm.unescape("&amp;lt;")).isEqualTo("&lt;");
    }
}
