using System.Text;
using Xunit;

namespace Drover.Core.Tests.Prompts;

public sealed class PromptTextTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData(" \n\t ", null)]
    [InlineData("\u0000\u0007", null)]
    [InlineData("  a\tb\nc  ", "a\tb\nc")]
    [InlineData("a\r\nb", "a\nb")]
    [InlineData("\u001b[31mred\u009b0m", "[31mred0m")]
    public void Values_are_trimmed_and_lose_control_characters(string? value, string? expected) => Assert.Equal(expected, PromptText.Clean(value));

    [Fact]
    public void Eight_thousand_characters_are_kept_whole_and_one_more_is_not()
    {
        Assert.Equal(new string('x', 8000), PromptText.Clean(new string('x', 8000)));
        Assert.Equal(new string('x', 8000) + "\n[truncated]", PromptText.Clean(new string('x', 8001)));
    }

    [Fact]
    public void Blanks_at_the_ends_do_not_count() => Assert.Equal(new string('x', 8000), PromptText.Clean(new string(' ', 5000) + new string('x', 8000) + "\n\n"));

    [Fact]
    public void A_character_outside_the_basic_plane_is_never_cut_in_two()
    {
        var text = PromptText.Clean(new string('x', 7999) + "😀" + new string('y', 50))!;

        Assert.Equal(new string('x', 7999) + "\n[truncated]", text);
    }

    [Fact]
    public void Half_a_character_becomes_a_replacement_character_so_that_the_text_can_always_be_encoded()
    {
        var text = PromptText.Clean("a\ud83dz")!;

        Assert.Equal("a\ufffdz", text);
        Assert.Equal(text, new UTF8Encoding(false, true).GetString(new UTF8Encoding(false, true).GetBytes(text)));
    }
}
