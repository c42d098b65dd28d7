using Xunit;

namespace Drover.Core.Tests.Runs;

public sealed class StruggleTests
{
    [Fact]
    public void An_agent_may_meet_trouble_often_and_not_without_end()
    {
        var struggle = Struggle.None;
        for (var n = 1; n < Struggle.Most; n++)
        {
            struggle = struggle.Met(FailureClass.Overloaded, $"try {n}");
            Assert.Null(struggle.Judge());
        }

        var fault = struggle.Met(FailureClass.Connection, "broken off").Judge()!;

        Assert.Equal((Outcome.Failed, FailureClass.Connection), (fault.Outcome, fault.Class));
        Assert.Equal("the agent met trouble 100 times without finishing a tool call or its turn; last: broken off", fault.Reason);
        Assert.Null(Struggle.None.Judge());
    }
}
