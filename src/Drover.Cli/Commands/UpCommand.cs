using System.Diagnostics;
using System.Globalization;
using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands;

internal sealed class UpCommand : Command
{
    private static readonly Option Port = new("--port", "N", "the loopback port of the page; without it the one of last time, or any");
    private static readonly Option Foreground = new("--foreground", null, "serve in this terminal until Ctrl-C");

    public override Chapter Chapter => Chapter.Setup;

    public override string Summary => "Starts the server if it does not run, and registers this repository.";

    public override IReadOnlyList<string> Examples => ["drover up", "drover up --port 7878", "DROVER_HOME=/tmp/try drover up"];

    public override IReadOnlyList<Option> Options => [Port, Foreground];

    public override int Run(Call call)
    {
        string[] arguments = call.Number(Port) is { } port ? ["--port", port.ToString(CultureInfo.InvariantCulture)] : [];
        if (call.Has(Foreground)) return ServerProgram.Run(["serve", .. arguments]);
        var server = Ask(call);
        var started = server is null;
        server ??= Start(call, arguments);
        var project = Register(call);
        var link = call.Server.Change("POST", "/api/v1/login-links", Guid.NewGuid());
        if (call.Json) call.Output.WriteLine(UpText.Json(started, server, project, link));
        else UpText.Write(started, server, project, link, call);
        return ExitCodes.Done;
    }

    /// <summary>Null when no server answers. One that somebody else has just started is waited for.</summary>
    private static byte[]? Ask(Call call)
    {
        using var never = new ManualResetEventSlim();
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return call.Server.Get("/api/v1/server");
            }
            catch (ServerNotRunningException)
            {
                return null;
            }
            catch (RefusedException e) when (ServerLaunch.IsStarting(e) && waited.Elapsed < ApiClient.Patience)
            {
                never.Wait(TimeSpan.FromMilliseconds(10));
            }
        }
    }

    private static byte[] Start(Call call, string[] arguments)
    {
        ServerLaunch.Detached(ServerProgram.Path(), call.Home, arguments, _ => { });
        return call.Server.Get("/api/v1/server");
    }

    /// <summary>The project of the current directory; null outside of a repository.</summary>
    private static byte[]? Register(Call call)
    {
        try
        {
            var project = new NewProjectJson(call.Directory, null, null);
            return call.Server.Change("POST", "/api/v1/projects", project, ApiJson.Default.NewProjectJson, Guid.NewGuid());
        }
        catch (RefusedException e) when (e.Problem.Code == Problems.UnusableRepository.Code)
        {
            if (!call.Json) call.Output.WriteLine($"no project  {Terminal.Plain(e.Message)}");
            return null;
        }
    }
}
