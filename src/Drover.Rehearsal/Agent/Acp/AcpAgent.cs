using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Agent.Acp;

/// <summary>The scripted agent that speaks the Agent Client Protocol, version 1, on its standard input and output.</summary>
internal static class AcpAgent
{
    public static int Run(Arguments arguments, TimeProvider time)
    {
        using var stdout = Console.OpenStandardOutput();
        var wire = new AcpWire(new LineWriter(stdout));
        var inbox = new Inbox();
        var sessions = new AcpSessions(ScriptSource.Open(State.ScriptOf(arguments)), State.Directory(arguments), wire, inbox, time);
        var stdin = new StreamReader(Console.OpenStandardInput());
        new Thread(() => new AcpReader(inbox, wire, sessions).Read(stdin)) { IsBackground = true }.Start();
        while (inbox.OpenTurn() is { } prompt) sessions.Play(prompt);
        return 0;
    }
}
