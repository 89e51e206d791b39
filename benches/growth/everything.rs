use std::fmt::Write as _;

/// `n` of all that rules compare: brokers of one cluster, their vhosts, users, policies, queues and exchanges; balancers of one
/// VIP, VIPs, listens and what they say of single servers; streams of nginx; instances and applications that register; networks,
/// hosts, published ports, secrets and lines of rabbitmq.conf. Much of it is wrong, so that findings are made as well: what a rule
/// says of `n` places must not be `n` times as long.
pub fn everything(n: usize) -> String {
    // Writing into a String cannot fail.
    let mut out = String::from(concat!(
        "topology \"t\"\nhost \"h\" address=\"192.168.0.1\"\nnetwork \"n\" on=\"h\" subnet=\"10.0.0.0/8\"\nnetwork \"lan\" subnet=\"192.168.0.0/16\"\n",
        "secret \"s\" generate=8\nsecret \"gossip\" generate=32 as=\"base64\"\n",
    ));
    let ip = |block: usize, i: usize| format!("10.{block}.{}.{}", i / 250, i % 250 + 1);
    for i in 0..n {
        let (b, c) = (i / 250, i % 250);
        let _ = writeln!(out, "host \"h{i}\" address=\"192.168.{}.{}\"", b + 1, c + 1);
        let _ = writeln!(out, "network \"n{i}\" on=\"h\" subnet=\"172.{}.{c}.0/24\"", 16 + b);
        let _ = writeln!(out, "secret \"s{i}\" generate=8");
    }
    out.push_str("rabbitmq \"mq\" version=\"3.13.7\" on=\"h\" cookie=\"s\" heartbeat=\"0s\" {\n    attach \"n\"\n");
    for i in 0..n {
        let (address, port) = (ip(1, i), 10_000 + i);
        let _ = writeln!(
            out,
            "    node \"mq{i}\" address=\"{address}\" {{ publish \"management\" port={port} bind=\"0.0.0.0\"; }}"
        );
        let _ = writeln!(out, "    set \"log.file{i}\" \"x\"");
    }
    out.push_str("    vhost \"/\" {\n");
    for i in 0..n {
        let _ = writeln!(out, "        user \"u{i}\" password=\"s{i}\" configure=\".*\" write=\".*\" read=\".*\"");
        let _ =
            writeln!(out, "        policy \"p{i}\" pattern=\"^q{}\" apply-to=\"queues\" {{ ha-mode \"all\"; }}", i / 2);
        let _ = writeln!(out, "        queue \"q{i}\" durable=#false\n        exchange \"x{i}\" type=\"topic\"");
    }
    out.push_str("    }\n");
    for i in 0..n {
        let _ = writeln!(
            out,
            "    vhost \"v{i}\" {{ user \"u{i}\" configure=\"\" write=\"\" read=\".*\"; queue \"q\" type=\"quorum\"; }}"
        );
    }
    out.push_str("}\nrabbitmq \"few\" version=\"4.1.4\" on=\"h\" cookie=\"s\" {\n    attach \"n\"\n    node \"f1\"; node \"f2\"; node \"f3\"\n}\n");
    out.push_str("haproxy \"wide\" version=\"2.6.12\" on=\"h\" {\n    attach \"n\"\n    listen \"amqp\" port=5600 to=\"few/amqp\"\n");
    for i in 0..n {
        let (address, port) = (ip(2, i), 20_000 + i);
        let _ = writeln!(
            out,
            "    node \"w{i}\" address=\"{address}\" {{ publish \"amqp\" port={port} bind=\"192.168.1.1\"; }}"
        );
    }
    let _ = writeln!(out, "    vip \"v\" \"{}\" auth=\"s\" {{", ip(3, 0));
    for i in 0..n {
        let priority = 1 + i % 254;
        let _ = writeln!(
            out,
            "        member \"w{i}\" priority={priority} {{ track script=\"test -e /x{i}\" weight=-2; track interface=\"eth0\"; }}"
        );
    }
    out.push_str(
        "    }\n}\nhaproxy \"many\" version=\"2.6.12\" on=\"h\" {\n    attach \"n\"\n    node \"m1\"; node \"m2\"\n",
    );
    for i in 0..n {
        let port = 6_000 + i;
        let _ = writeln!(
            out,
            "    listen \"l{i}\" port={port} to=\"few/amqp\" {{ check every=\"1s\" fall=1; timeout tunnel=\"20s\"; server \"f1\" backup=#true; }}"
        );
        let _ = writeln!(out, "    vip \"v{i}\" \"{}\" auth=\"s\" {{ check every=\"1s\" timeout=\"3s\"; }}", ip(4, i));
    }
    out.push_str("}\nnginx \"edge\" version=\"1.26.3\" on=\"h\" {\n    attach \"n\"\n    node \"e1\"\n");
    for i in 0..n {
        let port = 30_000 + i;
        let _ = writeln!(
            out,
            "    stream \"s{i}\" port={port} to=\"many/l{i}\" via=\"nodes\" {{ publish port={port} bind=\"0.0.0.0\"; }}"
        );
    }
    out.push_str("}\nconsul \"kv\" version=\"1.20.6\" on=\"h\" encrypt=\"gossip\" {\n    attach \"n\"\n    node \"c1\"; node \"c2\"; node \"c3\"\n}\n");
    out.push_str("application \"wide-app\" image=\"shop/a:latest\" on=\"h\" {\n    attach \"n\"\n");
    for i in 0..n {
        let _ = writeln!(out, "    instance \"i{i}\" port=8000");
    }
    out.push_str("    register \"kv\" key=\"upstreams/wide/\"\n}\n");
    for i in 0..n {
        let _ = writeln!(
            out,
            "application \"a{i}\" image=\"shop/a{i}\" on=\"h{i}\" {{ attach \"lan\"; instance \"a{i}-1\" port=9000; register \"kv\" key=\"upstreams/a{i}\"; }}"
        );
    }
    out
}
