using System.Diagnostics;
using System.Globalization;
using System.Text;
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

    /// <summary>Null when no server answers.</summary>
    private static byte[]? Ask(Call call)
    {
        try
        {
            return call.Server.Get("/api/v1/server");
        }
        catch (ServerNotRunningException)
        {
            return null;
        }
    }

    private static byte[] Start(Call call, string[] arguments)
    {
        Directory.CreateDirectory(call.Home.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var log = new FileInfo(call.Home.LogFile);
        var before = log.Exists ? log.Length : 0;
        using var process = ServerProgram.StartDetached(call.Home, arguments);
        var patience = Stopwatch.StartNew();
        while (patience.Elapsed < TimeSpan.FromSeconds(60))
        {
            var ended = process.WaitForExit(TimeSpan.FromMilliseconds(10));
            if (Ask(call) is { } server) return server;
            if (ended) throw new CommandFailedException($"the server did not start:\n{Since(call.Home.LogFile, before)}");
        }

        throw new CommandFailedException($"the server does not answer after a minute; its log is {call.Home.LogFile}");
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

    private static string Since(string file, long offset)
    {
        using var log = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        log.Seek(Math.Max(offset, log.Length - 4000), SeekOrigin.Begin);
        using var reader = new StreamReader(log, Encoding.UTF8);
        return reader.ReadToEnd().TrimEnd();
    }
}
