namespace Drover.Core;

/// <summary>What a conversation is bound to: an agent finds it again only with all of these as they were.</summary>
/// <param name="Home">The home directory in which the agent keeps it.</param>
/// <param name="Directory">The directory the agent works in.</param>
/// <param name="Model">As ordered; null: the vendor's default.</param>
public sealed record ConversationBond(NodeId Node, string Adapter, string Home, string Directory, string? Model);

public static class ConversationRules
{
    /// <summary>Why the conversation cannot be gone on with as things are now; null when it can.</summary>
    /// <param name="reported">The model as the agent itself called it.</param>
    public static string? Mismatch(ConversationBond then, string? reported, ConversationBond now)
    {
        if (then.Node != now.Node) return $"the conversation is on node {then.Node}, and the run on {now.Node}";
        if (then.Adapter != now.Adapter) return $"the conversation was held with the adapter {then.Adapter}, and the agent now has {now.Adapter}";
        if (then.Home != now.Home) return $"the conversation is kept in the home {then.Home}, and the agent now has {now.Home}";
        if (then.Directory != now.Directory) return $"the conversation belongs to {then.Directory}, and the agent now works in {now.Directory}";
        return then.Model == now.Model || (now.Model is not null && now.Model == reported) ? null
            : $"the conversation was held with {Name(then.Model)}, and the agent now has {Name(now.Model)}";
    }

    private static string Name(string? model) => model is null ? "the vendor's default model" : $"the model {model}";
}
