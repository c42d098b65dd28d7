using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Agent.Acp;

/// <summary>The session that the client works in: the one it has begun or loaded last.</summary>
internal sealed class AcpSessions(Script script, string state, AcpWire wire, Inbox inbox, TimeProvider time)
{
    private volatile Session? current;

    public string? CurrentId => current?.Conversation.Id;

    /// <returns>The new session's id.</returns>
    public string Begin(string workingDirectory)
    {
        var conversation = Conversation.Begin(state, Guid.NewGuid().ToString(), workingDirectory, Console.Error)
            ?? throw new InvalidOperationException("a fresh id cannot be in use");
        Enter(conversation, workingDirectory);
        return conversation.Id;
    }

    /// <returns>What was said in it, or null when there is no such session in that directory.</returns>
    public IReadOnlyList<(string Role, string Text)>? Load(string id, string workingDirectory)
    {
        if (Conversation.Resume(state, id, workingDirectory) is not { } conversation) return null;
        Enter(conversation, workingDirectory);
        return conversation.History;
    }

    /// <returns>The id of the copy, or null when there is no such session in that directory.</returns>
    public string? Fork(string id, string workingDirectory)
    {
        if (Conversation.Fork(state, id, Guid.NewGuid().ToString(), workingDirectory, Console.Error) is not { } copy) return null;
        Enter(copy, workingDirectory);
        return copy.Id;
    }

    /// <summary>Plays the turn for a prompt of the current session.</summary>
    public void Play(UserMessage prompt) => current!.Performer.Play(prompt, current!.Conversation);

    private void Enter(Conversation conversation, string workingDirectory)
    {
        var voice = new AcpVoice(wire, conversation.Id, workingDirectory);
        var performer = new Performer(script, voice, inbox, new ToolRunner(workingDirectory, inbox), time);
        current = new Session(conversation, performer);
    }

    private sealed record Session(Conversation Conversation, Performer Performer);
}
