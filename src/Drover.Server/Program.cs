using Drover.Server.Host;

return args switch
{
    ["serve", .. var rest] => await ServeVerb.Run(rest),
    _ => Unknown(args),
};

static int Unknown(string[] args)
{
    Console.Error.WriteLine(args.Length == 0
        ? "drover-server is started by 'drover up'; to run it by hand: drover-server serve"
        : $"drover-server knows no '{args[0]}'; use the drover command");
    return 2;
}
