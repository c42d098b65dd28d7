using Xunit;

namespace Drover.Core.Tests.Runs;

public sealed class ConversationRulesTests
{
    private static readonly ConversationBond Then = new(NodeId.Local, "claude", "/home/ann", "/trees/APP-1.1", null);

    [Fact]
    public void A_conversation_goes_on_when_nothing_that_it_is_bound_to_has_changed()
    {
        Assert.Null(ConversationRules.Mismatch(Then, "opus-4", Then));
        Assert.Null(ConversationRules.Mismatch(Then with { Model = "opus" }, "opus-4", Then with { Model = "opus" }));
        Assert.Null(ConversationRules.Mismatch(Then, "opus-4", Then with { Model = "opus-4" }));
    }

    public static TheoryData<ConversationBond, string> Changes => new()
    {
        { Then with { Node = new("other") }, "is on node" },
        { Then with { Adapter = "acp" }, "the adapter claude, and the agent now has acp" },
        { Then with { Home = "/homes/coder" }, "kept in the home /home/ann" },
        { Then with { Directory = "/trees/APP-1.2" }, "belongs to /trees/APP-1.1" },
        { Then with { Model = "sonnet" }, "the vendor's default model, and the agent now has the model sonnet" },
    };

    [Theory, MemberData(nameof(Changes))]
    public void Whatever_has_changed_is_the_reason_for_a_new_one(ConversationBond now, string why) =>
        Assert.Contains(why, ConversationRules.Mismatch(Then, "opus-4", now), StringComparison.Ordinal);
}
