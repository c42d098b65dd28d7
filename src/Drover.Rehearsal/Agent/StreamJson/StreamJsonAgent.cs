using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Agent.StreamJson;

/// <summary>The scripted agent with Claude Code's command line and stream-JSON on its standard input and output.</summary>
internal static class StreamJsonAgent
{
    /// <returns>The exit code: that of the real CLI in the same situation.</returns>
    public static int Run(Arguments arguments, string workingDirectory, TimeProvider time)
    {
        var resume = arguments.Value("--resume") ?? arguments.Value("-r");
        var forks = resume is not null && arguments.Has("--fork-session");
        var options = new StreamJsonOptions
        {
            SessionId = (forks ? null : resume) ?? arguments.Value("--session-id") ?? Guid.NewGuid().ToString(),
            WorkingDirectory = workingDirectory,
            ReplaysUserMessages = arguments.Has("--replay-user-messages"),
            IncludesPartialMessages = arguments.Has("--include-partial-messages"),
            Model = arguments.Value("--model") ?? "claude-sonnet-4-5",
            PermissionMode = arguments.Value("--permission-mode") ?? "default",
        };
        using var stdout = Console.OpenStandardOutput();
        var output = new LineWriter(stdout);
        var state = State.Directory(arguments);
        var conversation = resume is null ? Conversation.Begin(state, options.SessionId, workingDirectory, Console.Error)
            : forks ? Conversation.Fork(state, resume, options.SessionId, workingDirectory, Console.Error)
            : Conversation.Resume(state, resume, workingDirectory);
        if (conversation is null) return Refuse(resume, output, options);

        var inbox = new Inbox();
        StartReading(arguments, inbox, output, options);
        var voice = new StreamJsonVoice(output, options, time);
        var performer = new Performer(ScriptSource.Open(State.ScriptOf(arguments)), voice, inbox, new ToolRunner(workingDirectory, inbox), time);
        while (inbox.OpenTurn() is { } prompt) performer.Play(prompt, conversation);
        return voice.LastTurnFailed ? 1 : 0;
    }

    private static int Refuse(string? resume, LineWriter output, StreamJsonOptions options)
    {
        if (resume is not null) new ResultLine(output, options).WriteUnknownConversation();
        Console.Error.WriteLine(resume is not null
            ? $"No conversation found with session ID: {resume}"
            : $"Error: Session ID {options.SessionId} is already in use.");
        return 1;
    }

    private static void StartReading(Arguments arguments, Inbox inbox, LineWriter output, StreamJsonOptions options)
    {
        var stdin = new StreamReader(Console.OpenStandardInput());
        if (arguments.Value("--input-format") != "stream-json")
        {
            inbox.Put(new UserMessage(arguments.Rest ?? stdin.ReadToEnd(), null, null));
            inbox.End();
            return;
        }

        new Thread(() => new StreamJsonReader(inbox, output, options).Read(stdin)) { IsBackground = true }.Start();
    }
}
