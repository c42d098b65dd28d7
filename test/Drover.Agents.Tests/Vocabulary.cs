using Xunit;

namespace Drover.Agents.Tests;

/// <summary>What holds for the events of every adapter.</summary>
internal static class Vocabulary
{
    public static void Check(IReadOnlyList<AgentEvent> events)
    {
        var open = false;
        HashSet<string> written = [], accepted = [], refused = [], asked = [], called = [], returned = [];
        foreach (var e in events)
        {
            switch (e)
            {
                case AgentEvent.TurnStarted:
                    Assert.False(open, "a turn began inside a turn");
                    open = true;
                    break;
                case AgentEvent.TurnEnded ended:
                    open = false;
                    Assert.Equal(ended.Ending.Outcome == Core.Outcome.Failed, ended.Ending.Class is not null);
                    Assert.NotEmpty(ended.Ending.Reason);
                    break;
                case AgentEvent.MessageWritten m: Assert.True(written.Add(m.Message.Value), "written twice"); break;
                case AgentEvent.MessageAccepted m:
                    Assert.True(accepted.Add(m.Message.Value), "accepted twice");
                    Assert.Contains(m.Message.Value, written);
                    break;
                case AgentEvent.MessageRefused m:
                    Assert.True(refused.Add(m.Message.Value), "refused twice");
                    Assert.DoesNotContain(m.Message.Value, accepted);
                    break;
                case AgentEvent.ApprovalAsked a: asked.Add(a.ApprovalId); break;
                case AgentEvent.ApprovalWithdrawn a: Assert.Contains(a.ApprovalId, asked); break;
                case AgentEvent.ToolCalled c: Assert.True(called.Add(c.CallId), "called twice"); break;
                case AgentEvent.ToolReturned r:
                    Assert.True(returned.Add(r.CallId), "returned twice");
                    Assert.Contains(r.CallId, called);
                    break;
            }
        }

        Assert.False(open, "a turn has no end");
    }
}
