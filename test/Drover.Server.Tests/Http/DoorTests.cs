using System.Net.Sockets;
using Drover.Api;
using Drover.Server.Host;
using Drover.Server.Tests.Journaling;
using Xunit;

namespace Drover.Server.Tests.Http;

public sealed class DoorTests
{
    [Fact]
    public async Task A_second_server_on_one_home_is_refused_and_told_who_holds_it()
    {
        await using var home = await HttpHome.Start();

        var second = Assert.IsType<HostStart.Refused>(await DroverHost.Start(HttpHome.Options(home.Host.Server.Home)));

        Assert.Contains(home.Host.Server.Home, second.Why, StringComparison.Ordinal);
        Assert.Contains($"pid {Environment.ProcessId}", second.Why, StringComparison.Ordinal);
        Assert.Contains("drover down", second.Why, StringComparison.Ordinal);
        Assert.Equal(home.Host.Server, home.Client().Get("/api/v1/status", ApiJson.Default.StatusJson).Server);
    }

    [Fact]
    public async Task The_status_warns_while_a_broken_configuration_is_on_the_target_branch_and_no_longer()
    {
        const string Settings = "agents:\n  coder:\n    adapter: acp\n    command: [coder, --acp]\n";
        await using var home = await HttpHome.Start();
        home.Commit("drover.yaml", Settings);
        home.Register();
        Assert.Null(Warning());

        // The status may be ten seconds behind; a start looks anew, and the status with it.
        home.Commit("drover.yaml", Settings + "rolez: x\n");
        var run = Start();
        Assert.Contains("is broken (1 problem); going on with the version of", Warning(), StringComparison.Ordinal);
        Assert.Contains("rolez", Warning(), StringComparison.Ordinal);
        Assert.Equal(Warning(), run.Warning);

        home.Commit("drover.yaml", Settings + "merge: never\n");
        Assert.Throws<RefusedException>(() => Start(run.Ticket));
        Assert.Null(Warning());

        string? Warning() => Assert.Single(home.Client().Get("/api/v1/status", ApiJson.Default.StatusJson).Projects).Warning;

        RunJson Start(string? ticket = null) => home.Client().Change(
            "POST", "/api/v1/runs", new(ticket ?? home.File("Add a file").Key, null, null, null), ApiJson.Default.StartRunJson, ApiJson.Default.StartedJson, Guid.NewGuid()).Run!;
    }

    [Fact]
    public async Task A_socket_that_a_killed_server_left_is_replaced()
    {
        using var home = new TestHome();
        var path = SocketPath.Of(DroverHome.At(home.Path));
        SocketPath.MakeDirectory();
        using (var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            // Out of the way while its owner ends in good order, which would take it along.
            left.Bind(new UnixDomainSocketEndPoint(path));
            File.Move(path, path + ".left");
        }

        File.Move(path + ".left", path);

        await using var host = Assert.IsType<HostStart.Running>(await DroverHost.Start(HttpHome.Options(home.Path))).Host;

        Assert.Equal(Environment.ProcessId, new ApiClient(path, null).Get("/api/v1/status", ApiJson.Default.StatusJson).Server.Pid);
    }

    [Fact]
    public async Task The_socket_is_the_users_alone_and_goes_with_the_server()
    {
        string socket;
        await using (var home = await HttpHome.Start())
        {
            socket = home.Host.Server.Socket;
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(socket));
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(socket)!));
        }

        Assert.False(File.Exists(socket));
        Assert.Throws<ServerNotRunningException>(() => new ApiClient(socket, null).Get("/api/v1/status"));
    }

    [Fact]
    public async Task A_restarted_server_takes_the_port_it_had()
    {
        using var home = new TestHome();
        string first;
        await using (var host = Assert.IsType<HostStart.Running>(await DroverHost.Start(HttpHome.Options(home.Path))).Host) first = host.Server.Url;

        await using var again = Assert.IsType<HostStart.Running>(await DroverHost.Start(HttpHome.Options(home.Path))).Host;

        Assert.Equal(first, again.Server.Url);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("127.0.0.1:1")]
    [InlineData("localhost.evil.example:80")]
    public async Task A_request_that_calls_the_server_by_a_foreign_name_is_refused(string host)
    {
        await using var home = await HttpHome.Start();

        var answer = await home.Browse("/api/v1/status", ("Host", host));

        Assert.Equal(("wrong_origin", 403), (answer.Problem.Code, answer.Status));
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task A_page_of_another_origin_is_refused_even_with_the_cookie(string header, string value)
    {
        await using var home = await HttpHome.Start();
        var cookie = await LoginTests.LogIn(home);

        var answer = await home.BrowsePost("/api/v1/server/stop", "{}", ("Cookie", cookie), (header, value));

        Assert.Equal(("wrong_origin", 403), (answer.Problem.Code, answer.Status));
        Assert.Equal(200, (await home.Browse("/api/v1/status", ("Cookie", cookie))).Status);
    }

    [Fact]
    public async Task An_address_or_a_method_that_is_not_there_is_a_problem_too()
    {
        await using var home = await HttpHome.Start();

        Assert.Equal("no_such_route", Assert.Throws<RefusedException>(() => home.Client().Get("/api/v1/nothing")).Problem.Code);
        Assert.Equal("method_not_allowed", Assert.Throws<RefusedException>(() => home.Client().Change("DELETE", "/api/v1/status", Guid.NewGuid())).Problem.Code);
    }
}
