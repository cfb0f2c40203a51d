;; Greets whoever connects: a program for Gate, without any library. It speaks the packet protocol by itself.
;;
;;   ./gate run examples/hello/hello.wat
(module
  (import "gate" "io_65536"
    (func $io (param $recv i32) (param $recvlen i32) (param $nrecv i32)
              (param $send i32) (param $sendlen i32) (param $nsent i32) (param $timeout i64) (param $flags i32)))
  (memory 2)

  ;; 0: one buffer to receive into; 8: one to send from; each an address and a length. 16: bytes received, 20: bytes sent.
  ;; 1024: the packet received last. A packet: size, code, domain, index, content; padded to a multiple of 8.
  (data (i32.const 64) "\11\00\00\00" "\ff\ff" "\00" "\00" "\01\00" "\06origin" "\00\00\00\00\00\00\00") ;; discover "origin"
  (data (i32.const 96) "\08\00\00\00" "\00\00" "\00" "\00")                                             ;; call: accept
  (data (i32.const 104) "\10\00\00\00" "\00\00" "\02" "\00" "\00\00\00\00" "\00\00\00\00")               ;; flow: nothing more
  (data (i32.const 128) "\1d\00\00\00" "\00\00" "\03" "\00" "\00\00\00\00" "\00\00\00\00" "hello, world\0a" "\00\00\00")
  (data (i32.const 160) "\10\00\00\00" "\00\00" "\03" "\00" "\00\00\00\00" "\00\00\00\00")               ;; data: the end

  (func $send (param $at i32) (param $length i32)
    (loop $more
      (i32.store (i32.const 8) (local.get $at))
      (i32.store (i32.const 12) (local.get $length))
      (call $io (i32.const 0) (i32.const 0) (i32.const 0)
        (i32.const 8) (i32.const 1) (i32.const 20) (i64.const -1) (i32.const 0))
      (local.set $at (i32.add (local.get $at) (i32.load (i32.const 20))))
      (local.set $length (i32.sub (local.get $length) (i32.load (i32.const 20))))
      (br_if $more (local.get $length))))

  (func $receive (param $at i32) (param $length i32)
    (loop $more
      (i32.store (i32.const 0) (local.get $at))
      (i32.store (i32.const 4) (local.get $length))
      (call $io (i32.const 0) (i32.const 1) (i32.const 16)
        (i32.const 0) (i32.const 0) (i32.const 0) (i64.const -1) (i32.const 0))
      (local.set $at (i32.add (local.get $at) (i32.load (i32.const 16))))
      (local.set $length (i32.sub (local.get $length) (i32.load (i32.const 16))))
      (br_if $more (local.get $length))))

  ;; Receives packets until one of this service's (0) and of this domain.
  (func $expect (param $domain i32)
    (local $rest i32)
    (loop $next
      (call $receive (i32.const 1024) (i32.const 8))
      (local.set $rest (i32.and (i32.sub (i32.load (i32.const 1024)) (i32.const 1)) (i32.const -8)))
      (if (local.get $rest) (then (call $receive (i32.const 1032) (local.get $rest))))
      (br_if $next (i32.or
        (i32.ne (i32.load16_s (i32.const 1028)) (i32.const 0))
        (i32.ne (i32.and (i32.load8_u (i32.const 1030)) (i32.const 15)) (local.get $domain))))))

  (func (export "_start") (local $stream i32)
    (call $send (i32.const 64) (i32.const 24))
    (call $send (i32.const 96) (i32.const 8))
    (call $expect (i32.const 0))                    ;; somebody has connected: the reply to accept
    (local.set $stream (i32.load (i32.const 1032)))
    (i32.store (i32.const 112) (local.get $stream)) ;; nothing is to be received on the stream
    (i32.store (i32.const 136) (local.get $stream))
    (i32.store (i32.const 168) (local.get $stream))
    (call $send (i32.const 104) (i32.const 16))
    (call $expect (i32.const 2))                    ;; how much may be sent
    (call $send (i32.const 128) (i32.const 32))
    (call $send (i32.const 160) (i32.const 16))))
