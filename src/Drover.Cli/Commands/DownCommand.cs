using System.ComponentModel;
using System.Diagnostics;
using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands;

internal sealed class DownCommand : Command
{
    public override Chapter Chapter => Chapter.Setup;

    public override string Summary => "Stops the server. Agents that are at work go on; the next server takes them up.";

    public override IReadOnlyList<string> Examples => ["drover down", "drover run stop coder-app-12   (to end an agent, before)"];

    public override int Run(Call call)
    {
        var stopping = call.Server.Change("POST", "/api/v1/server/stop", new(null), ApiJson.Default.ReasonJson, ApiJson.Default.StoppingJson, Guid.NewGuid());
        if (!HasEnded(stopping.Pid)) throw new CommandFailedException($"the server (pid {stopping.Pid}) still runs after 30 seconds; its log is {call.Home.LogFile}");
        if (call.Json) call.Output.WriteLine(JsonText.Object(writer => writer.WriteNumber("pid", stopping.Pid)));
        else call.Output.WriteLine($"stopped     the server, pid {stopping.Pid}; agents that were at work go on");
        return ExitCodes.Done;
    }

    private static bool HasEnded(int pid)
    {
        try
        {
            using var server = Process.GetProcessById(pid);
            return server.WaitForExit(TimeSpan.FromSeconds(30));
        }
        catch (Exception e) when (e is ArgumentException or Win32Exception)
        {
            return true;
        }
    }
}
