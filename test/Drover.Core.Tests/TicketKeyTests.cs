using Drover.Core;
using Xunit;

namespace Drover.Core.Tests;

public sealed class TicketKeyTests
{
    [Theory]
    [InlineData("APP-12", "APP-12")]
    [InlineData("app-12", "APP-12")]
    public void A_key_is_read_in_any_case(string text, string expected) => Assert.Equal(expected, TicketKey.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("APP")]
    [InlineData("APP-0")]
    [InlineData("APP-+1")]
    [InlineData("../x-1")]
    [InlineData("APP-12/2")]
    public void What_is_no_key_is_refused(string text) => Assert.Null(TicketKey.TryParse(text));

    [Fact]
    public void An_attempt_names_its_branch_and_its_directory()
    {
        var attempt = new AttemptId(TicketKey.Parse("APP-12"), 2);

        Assert.Equal("drover/APP-12/2/work", attempt.Branch.Value);
        Assert.Equal("APP-12.2", attempt.Directory);
        Assert.Equal(attempt, AttemptId.Parse("APP-12/2"));
    }
}
