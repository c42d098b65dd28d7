using Xunit;

namespace Drover.Core.Tests.Tickets;

public sealed class TicketLimitsTests
{
    [Theory]
    [InlineData("Add $(rm -rf /) `x` 'y' \"z\"")]
    [InlineData("中文 🐑")]
    [InlineData("-rf")]
    public void A_title_is_any_line_of_visible_text(string title) => Assert.Null(TicketLimits.CheckTitle(title));

    [Theory]
    [InlineData("")]
    [InlineData(" \u00A0")]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("a\tb")]
    [InlineData("a\u001b[2J")]
    [InlineData("a\u0085b")]
    [InlineData("a\u2029b")]
    public void A_title_that_is_no_line_of_visible_text_is_a_fault(string title) => Assert.False(TicketLimits.CheckTitle(title)!.TooLong);

    [Fact]
    public void Lengths_are_bounded_and_the_fault_says_the_bound()
    {
        Assert.Null(TicketLimits.CheckTitle(new('a', 300)));
        Assert.Contains("300", TicketLimits.CheckTitle(new('a', 301))!.Why, StringComparison.Ordinal);
        Assert.Null(TicketLimits.CheckBody(new('a', TicketLimits.BodyBytes)));
        Assert.True(TicketLimits.CheckBody(new('ä', TicketLimits.BodyBytes / 2 + 1))!.TooLong);
        Assert.NotNull(TicketLimits.CheckCriteria([.. Enumerable.Repeat("c", 51)]));
        Assert.NotNull(TicketLimits.CheckReason(""));
    }

    [Fact]
    public void Half_of_a_character_is_a_fault()
    {
        foreach (var title in new[] { "\ud83d", "\udc11\ud83d", "a\ud83db" }) Assert.NotNull(TicketLimits.CheckTitle(title));
    }

    [Fact]
    public void A_body_may_hold_anything_but_nul_and_half_characters()
    {
        Assert.Null(TicketLimits.CheckBody("lines\r\n\ttabs \u001b[31m"));
        Assert.NotNull(TicketLimits.CheckBody("a\0b"));
        Assert.NotNull(TicketLimits.CheckBody("a\ud800"));
    }

    [Theory]
    [InlineData("bug", true)]
    [InlineData("Bug", false)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    public void A_kind_is_a_small_word(string kind, bool good) => Assert.Equal(good, TicketLimits.CheckKind(kind) is null);
}
